package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import io.basedisk.domain.image.RawImageInfo;
import java.io.IOException;
import java.io.PrintWriter;

/** A raw image with the fields and the text of {@code qemu-img info} of QEMU 7.2. */
public record RawImageDocument(RawImageInfo info) implements Document {

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("virtual-size", info.virtualSize());
    json.writeStringField("filename", info.file().toString());
    json.writeStringField("format", "raw");
    json.writeNumberField("actual-size", info.allocatedBytes());
    json.writeBooleanField("dirty-flag", false);
    json.writeEndObject();
  }

  @Override
  public void writeText(PrintWriter out) {
    out.println("image: " + Text.line(info.file().toString()));
    out.println("file format: raw");
    out.println("virtual size: " + Sizes.humanAndExact(info.virtualSize()));
    out.println("disk size: " + Sizes.human(info.allocatedBytes()));
  }
}
