package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import io.basedisk.domain.which.RecordedFile;
import java.io.IOException;
import java.io.PrintWriter;

/** The record of a file. */
public record WhichDocument(RecordedFile file) implements Document {

  @Override
  public void writeText(PrintWriter out) {
    Text.Fields fields = new Text.Fields();
    if (file instanceof RecordedFile.OfBox disk) {
      fields.field("box", disk.box().value());
      fields.field("slot", disk.slot().label());
    } else if (file instanceof RecordedFile.OfBase base) {
      fields.field("base", base.base().value());
    }
    fields.field("path", file.path().toString());
    switch (file.way()) {
      case SYMBOLIC_LINK -> fields.field("given", "a symbolic link to it");
      case OTHER_NAME -> fields.field("given", "another name of it, such as a hard link");
      case RECORDED_PATH -> {}
    }
    fields.write(out);
  }

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("path", file.path().toString());
    if (file instanceof RecordedFile.OfBox disk) {
      json.writeStringField("box", disk.box().value());
      json.writeStringField("slot", disk.slot().label());
    } else if (file instanceof RecordedFile.OfBase base) {
      json.writeStringField("base", base.base().value());
    }
    json.writeEndObject();
  }
}
