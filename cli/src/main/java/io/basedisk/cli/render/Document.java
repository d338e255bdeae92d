package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;

/** The result of a command, as text or as JSON. */
public interface Document {

  /** Writes whole lines of text for people. */
  void writeText(PrintWriter out);

  /** Writes one JSON value for programs, with the field names of the command's contract. */
  void writeJson(JsonGenerator json) throws IOException;
}
