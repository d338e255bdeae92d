package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import io.basedisk.domain.image.BitmapInfo;
import io.basedisk.domain.image.ImageInfo;
import io.basedisk.domain.image.InternalSnapshotInfo;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;

/** An image with the fields and the text of {@code qemu-img info} of QEMU 7.2. */
public record ImageInfoDocument(ImageInfo info) implements Document {

  private static final String FORMAT = "qcow2";
  private static final int FIRST_VERSION_WITH_FEATURES = 3;

  private boolean hasFeatures() {
    return info.version() >= FIRST_VERSION_WITH_FEATURES;
  }

  private boolean isEncrypted() {
    return info.obstacles().encryption() != null;
  }

  // JSON.

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("virtual-size", info.virtualSize());
    json.writeStringField("filename", info.file().toString());
    json.writeNumberField("cluster-size", info.clusterSize());
    json.writeStringField("format", FORMAT);
    json.writeNumberField("actual-size", info.allocatedBytes());
    writeBacking(json);
    writeSnapshots(json);
    json.writeObjectFieldStart("format-specific");
    json.writeStringField("type", FORMAT);
    json.writeObjectFieldStart("data");
    writeFormatData(json);
    json.writeEndObject();
    json.writeEndObject();
    if (isEncrypted()) {
      json.writeBooleanField("encrypted", true);
    }
    json.writeBooleanField("dirty-flag", info.dirty());
    json.writeEndObject();
  }

  private void writeBacking(JsonGenerator json) throws IOException {
    if (info.backing() == null) {
      return;
    }
    json.writeStringField("backing-filename", info.backing().name());
    json.writeStringField("full-backing-filename", info.fullBackingFilename().orElseThrow());
    if (info.backing().format() != null) {
      json.writeStringField("backing-filename-format", info.backing().format());
    }
  }

  private void writeSnapshots(JsonGenerator json) throws IOException {
    if (info.snapshots().isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("snapshots");
    for (InternalSnapshotInfo snapshot : info.snapshots()) {
      Duration clock = Duration.ofNanos(snapshot.vmClockNanoseconds());
      json.writeStartObject();
      json.writeStringField("id", snapshot.id());
      json.writeStringField("name", snapshot.name());
      json.writeNumberField("vm-state-size", snapshot.vmStateSize());
      json.writeNumberField("date-sec", snapshot.dateSeconds());
      json.writeNumberField("date-nsec", snapshot.dateNanoseconds());
      json.writeNumberField("vm-clock-sec", clock.toSeconds());
      json.writeNumberField("vm-clock-nsec", clock.toNanosPart());
      if (snapshot.instructionCount().isPresent()) {
        json.writeNumberField("icount", snapshot.instructionCount().getAsLong());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void writeFormatData(JsonGenerator json) throws IOException {
    json.writeStringField("compat", info.compat());
    json.writeStringField("compression-type", info.compression().label());
    json.writeNumberField("refcount-bits", info.refcountBits());
    new ObstacleFields(info.obstacles()).writeJson(json);
    if (hasFeatures()) {
      json.writeBooleanField("lazy-refcounts", info.lazyRefcounts());
      json.writeBooleanField("corrupt", info.corrupt());
      json.writeBooleanField("extended-l2", info.extendedL2());
    }
    if (info.bitmaps().isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("bitmaps");
    for (BitmapInfo bitmap : info.bitmaps()) {
      json.writeStartObject();
      json.writeArrayFieldStart("flags");
      if (bitmap.inUse()) {
        json.writeString("in-use");
      }
      if (bitmap.auto()) {
        json.writeString("auto");
      }
      json.writeEndArray();
      json.writeStringField("name", bitmap.name());
      json.writeNumberField("granularity", bitmap.granularity());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  // Text.

  @Override
  public void writeText(PrintWriter out) {
    line(out, "image", info.file().toString());
    line(out, "file format", FORMAT);
    line(out, "virtual size", Sizes.humanAndExact(info.virtualSize()));
    line(out, "disk size", Sizes.human(info.allocatedBytes()));
    if (isEncrypted()) {
      line(out, "encrypted", "yes");
    }
    line(out, "cluster_size", Integer.toString(info.clusterSize()));
    if (info.backing() != null) {
      String full = info.fullBackingFilename().orElseThrow();
      String name = info.backing().name();
      line(out, "backing file", full.equals(name) ? name : name + " (actual path: " + full + ")");
      if (info.backing().format() != null) {
        line(out, "backing file format", info.backing().format());
      }
    }
    writeSnapshotList(out);
    out.println("Format specific information:");
    line(out, "    compat", info.compat());
    line(out, "    compression type", info.compression().label());
    if (hasFeatures()) {
      line(out, "    lazy refcounts", Boolean.toString(info.lazyRefcounts()));
    }
    writeBitmapList(out);
    line(out, "    refcount bits", Integer.toString(info.refcountBits()));
    new ObstacleFields(info.obstacles()).writeText(out);
    if (hasFeatures()) {
      line(out, "    corrupt", Boolean.toString(info.corrupt()));
      line(out, "    extended l2", Boolean.toString(info.extendedL2()));
    }
  }

  private static void line(PrintWriter out, String name, String value) {
    out.println(name + ": " + Text.line(value));
  }

  private void writeSnapshotList(PrintWriter out) {
    if (info.snapshots().isEmpty()) {
      return;
    }
    String row = "%-9s %-16s %8s%20s%13s%11s%n";
    out.println("Snapshot list:");
    out.printf(row, "ID", "TAG", "VM SIZE", "DATE", "VM CLOCK", "ICOUNT");
    for (InternalSnapshotInfo snapshot : info.snapshots()) {
      Duration clock = Duration.ofNanos(snapshot.vmClockNanoseconds());
      out.printf(
          row,
          Text.line(snapshot.id()),
          Text.line(snapshot.name()),
          Sizes.human(snapshot.vmStateSize()),
          Text.time(Instant.ofEpochSecond(snapshot.dateSeconds())),
          String.format(
              "%02d:%02d:%02d.%03d",
              clock.toHours(), clock.toMinutesPart(), clock.toSecondsPart(), clock.toMillisPart()),
          snapshot.instructionCount().isPresent()
              ? Long.toString(snapshot.instructionCount().getAsLong())
              : "");
    }
  }

  private void writeBitmapList(PrintWriter out) {
    if (info.bitmaps().isEmpty()) {
      return;
    }
    out.println("    bitmaps:");
    for (int i = 0; i < info.bitmaps().size(); i++) {
      BitmapInfo bitmap = info.bitmaps().get(i);
      out.println("        [" + i + "]:");
      out.println("            flags:");
      int flag = 0;
      if (bitmap.inUse()) {
        out.println("                [" + flag++ + "]: in-use");
      }
      if (bitmap.auto()) {
        out.println("                [" + flag + "]: auto");
      }
      line(out, "            name", bitmap.name());
      line(out, "            granularity", Long.toString(bitmap.granularity()));
    }
  }
}
