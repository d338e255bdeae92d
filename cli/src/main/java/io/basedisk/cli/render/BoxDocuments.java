package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.box.BoxDetails.DiskState;
import io.basedisk.domain.box.Boxes;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DiskSlot;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;

/** Boxes as documents. */
public final class BoxDocuments {

  private BoxDocuments() {}

  /** A box. */
  public record One(BoxDetails box) implements Document {

    @Override
    public void writeText(PrintWriter out) {
      Text.Fields fields = new Text.Fields();
      fields.field("box", box.box().id().value());
      fields.field("disk", diskOf(box));
      if (box.disk() instanceof DiskState.Known known) {
        fields.field("virtual size", Sizes.humanAndExact(known.virtualSize()));
        fields.field("depth", Text.count(known.depth(), "backing file") + " below it");
      } else if (box.disk() instanceof DiskState.Unknown unknown) {
        fields.field("problem", unknown.reason());
      }
      fields.field("base", baseOf(box));
      fields.field("created", Text.time(box.box().createdAt()));
      fields.write(out);
    }

    @Override
    public void writeJson(JsonGenerator json) throws IOException {
      writeBox(json, box);
    }
  }

  /** The path of a box's disk alone. */
  public record DiskPath(Box box) implements Document {

    @Override
    public void writeText(PrintWriter out) {
      // As it is: a script uses it as a path.
      out.println(box.disk(DiskSlot.CONTAINER));
    }

    @Override
    public void writeJson(JsonGenerator json) throws IOException {
      json.writeStartObject();
      json.writeStringField("box", box.id().value());
      json.writeStringField("disk", box.disk(DiskSlot.CONTAINER).toString());
      json.writeEndObject();
    }
  }

  /** A forgotten box. */
  public record Forgotten(Boxes.Forgotten forgotten) implements Document {

    @Override
    public void writeText(PrintWriter out) {
      out.println(
          "forgot " + forgotten.box() + "; " + CollectionDocuments.summary(forgotten.report()));
      out.println("its disk stays: " + Text.line(forgotten.disk().toString()));
      if (!forgotten.held().isEmpty()) {
        out.println(
            "held for it: "
                + Text.count(forgotten.held().size(), "base")
                + " ("
                + Joiner.on(", ").join(forgotten.held())
                + ")");
      }
    }

    @Override
    public void writeJson(JsonGenerator json) throws IOException {
      json.writeStartObject();
      json.writeStringField("forgotten", forgotten.box().value());
      json.writeStringField("disk", forgotten.disk().toString());
      json.writeArrayFieldStart("holds");
      for (BaseDiskId base : forgotten.held()) {
        json.writeString(base.value());
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  /** A list of boxes. */
  public record Many(ImmutableList<BoxDetails> boxes) implements Document {

    @Override
    public void writeText(PrintWriter out) {
      Text.Table table =
          new Text.Table("BOX", "VIRTUAL", "DEPTH", "BASE", "CREATED", "DISK")
              .cutting("DISK")
              .shortening("CREATED")
              .leavingOut("CREATED");
      for (BoxDetails box : boxes) {
        table.row(
            box.box().id().value(),
            known(box).map(disk -> Sizes.human(disk.virtualSize())).orElse("?"),
            known(box).map(disk -> Integer.toString(disk.depth())).orElse("?"),
            baseOf(box),
            Text.time(box.box().createdAt()),
            diskOf(box));
      }
      table.write(out, "no boxes");
    }

    @Override
    public void writeJson(JsonGenerator json) throws IOException {
      json.writeStartArray();
      for (BoxDetails box : boxes) {
        writeBox(json, box);
      }
      json.writeEndArray();
    }
  }

  static void writeBox(JsonGenerator json, BoxDetails details) throws IOException {
    Box box = details.box();
    json.writeStartObject();
    json.writeStringField("box", box.id().value());
    json.writeStringField("disk", diskOf(details));
    if (details.disk() instanceof DiskState.Known known) {
      json.writeNumberField("virtual_size", known.virtualSize());
    }
    if (details.baseId() != null) {
      json.writeStringField("base_id", details.baseId().value());
    }
    if (details.disk() instanceof DiskState.Known known) {
      json.writeNumberField("depth", known.depth());
    }
    json.writeNumberField("created_at", box.createdAt().getEpochSecond());
    json.writeEndObject();
  }

  private static String diskOf(BoxDetails details) {
    return details.box().disk(DiskSlot.CONTAINER).toString();
  }

  private static String baseOf(BoxDetails details) {
    return details.baseId() == null ? "-" : details.baseId().value();
  }

  private static Optional<DiskState.Known> known(BoxDetails details) {
    return details.disk() instanceof DiskState.Known known ? Optional.of(known) : Optional.empty();
  }
}
