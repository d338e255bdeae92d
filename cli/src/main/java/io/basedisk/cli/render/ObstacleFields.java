package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import io.basedisk.domain.image.ContentObstacles;
import io.basedisk.domain.image.ContentObstacles.KeySlot;
import io.basedisk.domain.image.ContentObstacles.Luks;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * What keeps an image's content from being opened, with the fields and the text of {@code qemu-img
 * info}. QEMU does not describe an image with unknown features; they are in a field of their own.
 */
record ObstacleFields(ContentObstacles obstacles) {

  // JSON.

  void writeJson(JsonGenerator json) throws IOException {
    if (obstacles.encryption() != null) {
      json.writeObjectFieldStart("encrypt");
      json.writeStringField("format", obstacles.encryption().format());
      if (obstacles.encryption().luks() != null) {
        writeLuks(json, obstacles.encryption().luks());
      }
      json.writeEndObject();
    }
    if (obstacles.dataFile() != null) {
      if (!obstacles.dataFile().isEmpty()) {
        json.writeStringField("data-file", obstacles.dataFile());
      }
      json.writeBooleanField("data-file-raw", obstacles.rawDataFile());
    }
    if (!obstacles.unknownFeatures().isEmpty()) {
      json.writeArrayFieldStart("unknown-features");
      for (String feature : obstacles.unknownFeatures()) {
        json.writeString(feature);
      }
      json.writeEndArray();
    }
  }

  private static void writeLuks(JsonGenerator json, Luks luks) throws IOException {
    json.writeStringField("ivgen-alg", luks.ivGenerator());
    if (luks.ivHash() != null) {
      json.writeStringField("ivgen-hash-alg", luks.ivHash());
    }
    json.writeStringField("hash-alg", luks.hash());
    json.writeStringField("cipher-alg", luks.cipher());
    json.writeStringField("uuid", luks.uuid());
    json.writeStringField("cipher-mode", luks.mode());
    json.writeArrayFieldStart("slots");
    for (KeySlot slot : luks.slots()) {
      json.writeStartObject();
      json.writeBooleanField("active", slot.active());
      if (slot.active()) {
        json.writeNumberField("iters", slot.iterations());
      }
      json.writeNumberField("key-offset", slot.keyOffset());
      if (slot.active()) {
        json.writeNumberField("stripes", slot.stripes());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("payload-offset", luks.payload());
    json.writeNumberField("master-key-iters", luks.iterations());
  }

  // Text.

  void writeText(PrintWriter out) {
    if (obstacles.encryption() != null) {
      out.println("    encrypt:");
      Luks luks = obstacles.encryption().luks();
      if (luks != null) {
        writeKeys(out, luks);
      }
      line(out, "        format", obstacles.encryption().format());
      if (luks != null) {
        writeSlots(out, luks);
      }
    }
    if (obstacles.dataFile() != null) {
      if (!obstacles.dataFile().isEmpty()) {
        line(out, "    data file", obstacles.dataFile());
      }
      line(out, "    data file raw", Boolean.toString(obstacles.rawDataFile()));
    }
    if (!obstacles.unknownFeatures().isEmpty()) {
      line(out, "    unknown features", String.join(", ", obstacles.unknownFeatures()));
    }
  }

  private static void writeKeys(PrintWriter out, Luks luks) {
    line(out, "        ivgen alg", luks.ivGenerator());
    line(out, "        hash alg", luks.hash());
    line(out, "        cipher alg", luks.cipher());
    line(out, "        uuid", luks.uuid());
    if (luks.ivHash() != null) {
      line(out, "        ivgen hash alg", luks.ivHash());
    }
  }

  private static void writeSlots(PrintWriter out, Luks luks) {
    line(out, "        cipher mode", luks.mode());
    out.println("        slots:");
    for (int i = 0; i < luks.slots().size(); i++) {
      KeySlot slot = luks.slots().get(i);
      out.println("            [" + i + "]:");
      line(out, "                active", Boolean.toString(slot.active()));
      if (slot.active()) {
        line(out, "                iters", Long.toString(slot.iterations()));
      }
      line(out, "                key offset", Long.toString(slot.keyOffset()));
      if (slot.active()) {
        line(out, "                stripes", Long.toString(slot.stripes()));
      }
    }
    line(out, "        payload offset", Long.toString(luks.payload()));
    line(out, "        master key iters", Long.toString(luks.iterations()));
  }

  private static void line(PrintWriter out, String name, String value) {
    out.println(name + ": " + Text.line(value));
  }
}
