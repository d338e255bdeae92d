package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.base.Joiner;
import com.google.common.collect.Comparators;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.space.BaseSpace;
import io.basedisk.domain.space.BoxSpace;
import io.basedisk.domain.space.SpaceReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The use of space as a document. */
public record SpaceDocument(SpaceReport report) implements Document {

  /** The number of boxes that a line names; the line counts the others. */
  private static final int NAMED_BOXES = 4;

  @Override
  public void writeText(PrintWriter out) {
    if (!report.bases().isEmpty()) {
      writeBases(out);
      out.println();
    }
    if (!report.boxes().isEmpty()) {
      writeBoxes(out);
      out.println();
    }
    out.println(
        Sizes.human(report.allocatedBytes())
            + " allocated in "
            + Text.count(report.bases().size(), "base")
            + " and "
            + Text.count(report.boxes().size(), "box", "boxes")
            + "; gc would free "
            + Sizes.human(report.reclaimableBytes()));
  }

  private void writeBases(PrintWriter out) {
    Text.Table table =
        new Text.Table("BASE", "KIND", "VIRTUAL", "ALLOCATED", "EXCLUSIVE", "NEEDED BY")
            .cutting("NEEDED BY")
            .leavingOut("KIND", "VIRTUAL");
    for (BaseSpace space : report.bases()) {
      table.row(
          space.base().id().value(),
          space.base().kind().label(),
          Sizes.human(space.base().diskInfo().containerDiskBytes()),
          Sizes.human(space.allocatedBytes()),
          Sizes.human(space.exclusiveBytes()),
          neededBy(space));
    }
    table.write(out, "no bases");
  }

  private static String neededBy(BaseSpace space) {
    ImmutableSortedSet<BoxId> boxes = space.sharedWith();
    List<String> needs = new ArrayList<>();
    boxes.stream()
        .collect(Comparators.least(NAMED_BOXES, NaturalOrder.ofNames()))
        .forEach(box -> needs.add(box.value()));
    if (boxes.size() > NAMED_BOXES) {
      needs.add(Text.count(boxes.size() - NAMED_BOXES, "more box", "more boxes"));
    }
    if (space.children() > 0) {
      needs.add(Text.count(space.children(), "base"));
    }
    return needs.isEmpty() ? "-" : Joiner.on(", ").join(needs);
  }

  private void writeBoxes(PrintWriter out) {
    Text.Table table = new Text.Table("BOX", "ALLOCATED", "EXCLUSIVE", "SHARED");
    Comparator<BoxSpace> byName = Comparator.comparing(BoxSpace::box, NaturalOrder.ofNames());
    for (BoxSpace space : ImmutableList.sortedCopyOf(byName, report.boxes())) {
      table.row(
          space.box().value(),
          Sizes.human(space.allocatedBytes()),
          Sizes.human(space.exclusiveBytes()),
          Sizes.human(space.sharedBytes()));
    }
    table.write(out, "no boxes");
  }

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("bases");
    for (BaseSpace space : report.bases()) {
      writeBase(json, space);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("boxes");
    for (BoxSpace space : report.boxes()) {
      json.writeStartObject();
      json.writeStringField("box", space.box().value());
      json.writeNumberField("allocated_bytes", space.allocatedBytes());
      json.writeNumberField("exclusive_bytes", space.exclusiveBytes());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("allocated_bytes", report.allocatedBytes());
    json.writeNumberField("reclaimable_bytes", report.reclaimableBytes());
    json.writeEndObject();
  }

  private static void writeBase(JsonGenerator json, BaseSpace space) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", space.base().id().value());
    json.writeNumberField("virtual_bytes", space.base().diskInfo().containerDiskBytes());
    json.writeNumberField("allocated_bytes", space.allocatedBytes());
    json.writeNumberField("exclusive_bytes", space.exclusiveBytes());
    json.writeArrayFieldStart("shared_with");
    for (BoxId box : space.sharedWith()) {
      json.writeString(box.value());
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
