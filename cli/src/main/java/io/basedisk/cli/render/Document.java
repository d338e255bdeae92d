package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;

/** The result of a command, as text or as JSON. */
public interface Document {

  /**
   * Writes whole lines of text for people.
   *
   * @param out the writer to print to
   */
  void writeText(PrintWriter out);

  /**
   * Writes one JSON value for programs, with the field names of the command's contract.
   *
   * @param json the generator to write to
   * @throws IOException if the generator can't write
   */
  void writeJson(JsonGenerator json) throws IOException;
}
