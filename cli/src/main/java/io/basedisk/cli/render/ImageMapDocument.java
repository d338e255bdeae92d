package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import io.basedisk.domain.image.MapEntry;
import io.basedisk.domain.port.OpenDisk;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Iterator;

/**
 * The map of a disk with the fields and the text of {@code qemu-img map} of QEMU 7.2. The text also
 * shows compressed clusters, for which qemu-img prints an error.
 */
public record ImageMapDocument(OpenDisk disk) implements Document {

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    json.writeStartArray();
    for (Iterator<MapEntry> map = disk.map(); map.hasNext(); ) {
      MapEntry entry = map.next();
      json.writeStartObject();
      json.writeNumberField("start", entry.start());
      json.writeNumberField("length", entry.length());
      json.writeNumberField("depth", entry.depth());
      json.writeBooleanField("present", entry.present());
      json.writeBooleanField("zero", entry.zero());
      json.writeBooleanField("data", entry.data());
      if (entry.offset().isPresent()) {
        json.writeNumberField("offset", entry.offset().getAsLong());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  @Override
  public void writeText(PrintWriter out) {
    String row = "%-16s%-16s%-16s%s%n";
    out.printf(row, "Offset", "Length", "Mapped to", "File");
    for (Iterator<MapEntry> map = disk.map(); map.hasNext(); ) {
      MapEntry entry = map.next();
      if (entry.data() && !entry.zero()) {
        out.printf(
            row,
            hex(entry.start()),
            hex(entry.length()),
            entry.offset().isPresent() ? hex(entry.offset().getAsLong()) : "compressed",
            Text.line(disk.layers().get(entry.depth()).path().toString()));
      }
    }
  }

  /** {@return a number in hexadecimal} As in C, 0 has no prefix. */
  private static String hex(long number) {
    return number == 0 ? "0" : "0x" + Long.toHexString(number);
  }
}
