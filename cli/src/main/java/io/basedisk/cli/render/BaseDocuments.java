package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.lineage.BaseDetails;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import java.io.IOException;
import java.io.PrintWriter;

/** Bases as documents. */
public final class BaseDocuments {

  private BaseDocuments() {}

  /** A base. */
  public record One(BaseDetails details) implements Document {

    @Override
    public void writeText(PrintWriter out) {
      BaseDisk base = details.base();
      Text.Fields fields = new Text.Fields();
      fields.field("base", base.id().value());
      fields.field("kind", base.kind().label());
      fields.field("name", nameOf(base));
      fields.field("source box", base.sourceBoxId().value());
      fields.field("file", base.diskInfo().basePath().toString());
      if (base.diskInfo().isForeign()) {
        fields.field("foreign", "yes, " + base.diskInfo().format().label() + ": never deleted");
      }
      fields.field("virtual size", Sizes.humanAndExact(base.diskInfo().containerDiskBytes()));
      fields.field("file length", Sizes.humanAndExact(base.diskInfo().sizeBytes()));
      fields.field("parent", parentOf(base));
      fields.field("boxes on it", listOf(details.referencedBy()));
      fields.field("bases on it", listOf(details.children()));
      fields.field("created", Text.time(base.createdAt()));
      fields.write(out);
    }

    @Override
    public void writeJson(JsonGenerator json) throws IOException {
      writeBase(json, details);
    }
  }

  /** A list of bases. */
  public record Many(ImmutableList<BaseDetails> bases, String ifEmpty) implements Document {

    @Override
    public void writeText(PrintWriter out) {
      Text.Table table =
          new Text.Table(
                  "BASE",
                  "KIND",
                  "SOURCE",
                  "NAME",
                  "VIRTUAL",
                  "LENGTH",
                  "PARENT",
                  "CREATED",
                  "BOXES ON IT")
              .cutting("BOXES ON IT")
              .shortening("CREATED")
              .leavingOut("LENGTH", "PARENT", "CREATED");
      for (BaseDetails details : bases) {
        BaseDisk base = details.base();
        table.row(
            base.id().value(),
            kindOf(base),
            base.sourceBoxId().value(),
            nameOf(base),
            Sizes.human(base.diskInfo().containerDiskBytes()),
            Sizes.human(base.diskInfo().sizeBytes()),
            parentOf(base),
            Text.time(base.createdAt()),
            listOf(details.referencedBy()));
      }
      table.write(out, ifEmpty);
    }

    @Override
    public void writeJson(JsonGenerator json) throws IOException {
      json.writeStartArray();
      for (BaseDetails base : bases) {
        writeBase(json, base);
      }
      json.writeEndArray();
    }
  }

  /** A base and its new clones. */
  public record Clone(BaseDetails base, ImmutableList<BoxDetails> boxes) implements Document {

    @Override
    public void writeText(PrintWriter out) {
      out.println(
          "cloned " + Text.count(boxes.size(), "box", "boxes") + " from " + label(base.base()));
      new BoxDocuments.Many(boxes).writeText(out);
    }

    @Override
    public void writeJson(JsonGenerator json) throws IOException {
      json.writeStartObject();
      json.writeFieldName("base");
      writeBase(json, base);
      json.writeArrayFieldStart("boxes");
      for (BoxDetails box : boxes) {
        BoxDocuments.writeBox(json, box);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  static void writeBase(JsonGenerator json, BaseDetails details) throws IOException {
    json.writeStartObject();
    writeFields(json, details);
    json.writeEndObject();
  }

  static void writeFields(JsonGenerator json, BaseDetails details) throws IOException {
    BaseDisk base = details.base();
    json.writeStringField("id", base.id().value());
    json.writeStringField("source_box_id", base.sourceBoxId().value());
    if (base.name() != null) {
      json.writeStringField("name", base.name().value());
    }
    json.writeStringField("kind", base.kind().label());
    json.writeStringField("base_path", base.diskInfo().basePath().toString());
    if (base.diskInfo().isForeign()) {
      json.writeBooleanField("foreign", true);
      json.writeStringField("format", base.diskInfo().format().label());
    }
    json.writeNumberField("container_disk_bytes", base.diskInfo().containerDiskBytes());
    json.writeNumberField("size_bytes", base.diskInfo().sizeBytes());
    json.writeNumberField("created_at", base.createdAt().getEpochSecond());
    if (base.parentId() != null) {
      json.writeStringField("parent_id", base.parentId().value());
    }
    json.writeArrayFieldStart("referenced_by");
    for (BoxId box : details.referencedBy()) {
      json.writeString(box.value());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("children");
    for (BaseDiskId child : details.children()) {
      json.writeString(child.value());
    }
    json.writeEndArray();
  }

  /**
   * {@return a base with its size: {@code 3fK9x2Qa snapshot "v1" of web-1 (1.2 MiB)}}
   *
   * @param base the base
   */
  public static String described(BaseDisk base) {
    return label(base).replace("  ", " ") + " (" + Sizes.human(base.diskInfo().sizeBytes()) + ")";
  }

  /** {@return a short label of a base: {@code 3fK9x2Qa, snapshot "v1" of web-1}} */
  static String label(BaseDisk base) {
    StringBuilder label = new StringBuilder(base.id().value());
    label.append("  ").append(base.kind().label());
    if (base.name() != null) {
      label.append(" \"").append(base.name()).append('"');
    }
    if (base.diskInfo().isForeign()) {
      label.append("  foreign, ").append(base.diskInfo().basePath());
    } else if (base.kind() != BaseDiskKind.ROOTFS) {
      label.append(" of ").append(base.sourceBoxId());
    }
    return label.toString();
  }

  private static String kindOf(BaseDisk base) {
    return base.kind().label() + (base.diskInfo().isForeign() ? ", foreign" : "");
  }

  private static String nameOf(BaseDisk base) {
    return base.name() == null ? "-" : base.name().value();
  }

  private static String parentOf(BaseDisk base) {
    return base.parentId() == null ? "-" : base.parentId().value();
  }

  static String listOf(ImmutableList<?> all) {
    return all.isEmpty() ? "-" : Joiner.on(", ").join(all);
  }
}
