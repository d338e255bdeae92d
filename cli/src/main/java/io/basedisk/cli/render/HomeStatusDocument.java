package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import io.basedisk.app.HomeStatus;
import java.io.IOException;
import java.io.PrintWriter;

/** The identity of a home, and whether it is usable. */
public record HomeStatusDocument(HomeStatus status) implements Document {

  @Override
  public void writeText(PrintWriter out) {
    Text.Fields fields = new Text.Fields();
    fields.field("home", status.home().toString());
    if (status.id() != null) {
      fields.field("id", status.id().value());
    }
    if (status.schema() != null) {
      fields.field("schema", status.schema().toString());
    }
    fields.field("usable", status.isUsable() ? "yes" : "no");
    if (status.problem() != null) {
      fields.field("problem", status.problem());
    }
    HomeStatus.Contents contents = status.contents();
    if (contents != null) {
      fields.field("boxes", Integer.toString(contents.boxes()));
      fields.field("bases", Integer.toString(contents.bases()));
    }
    fields.write(out);
  }

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("home", status.home().toString());
    if (status.id() != null) {
      json.writeStringField("id", status.id().value());
    }
    if (status.schema() != null) {
      json.writeNumberField("schema", status.schema());
    }
    json.writeBooleanField("usable", status.isUsable());
    if (status.problem() != null) {
      json.writeStringField("problem", status.problem());
    }
    HomeStatus.Contents contents = status.contents();
    if (contents != null) {
      json.writeNumberField("boxes", contents.boxes());
      json.writeNumberField("bases", contents.bases());
    }
    json.writeEndObject();
  }
}
