package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;

/** Homes as documents. */
public final class HomeDocuments {

  private HomeDocuments() {}

  /** A new home. */
  public record Made(Path home) implements Document {

    @Override
    public void writeText(PrintWriter out) {
      Text.Fields fields = new Text.Fields();
      fields.field("home", home.toString());
      fields.write(out);
    }

    @Override
    public void writeJson(JsonGenerator json) throws IOException {
      json.writeStartObject();
      json.writeStringField("home", home.toString());
      json.writeEndObject();
    }
  }
}
