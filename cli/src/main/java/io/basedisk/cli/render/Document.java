package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;

/** The result of a command, to be shown in one of two ways. */
public interface Document {

  /** Writes it for people: whole lines. */
  void writeText(PrintWriter out);

  /** Writes it for programs: one JSON value, with the field names of the command's contract. */
  void writeJson(JsonGenerator json) throws IOException;
}
