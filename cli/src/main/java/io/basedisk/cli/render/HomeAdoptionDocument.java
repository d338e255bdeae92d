package io.basedisk.cli.render;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.adopt.HomeAdoptionPlan;
import io.basedisk.domain.adopt.HomeAdoptionPlan.Entry;
import io.basedisk.domain.adopt.UnadoptedFile;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.box.BoxDetails.DiskState;
import io.basedisk.domain.lineage.BaseDetails;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An adoption of another program's home, done or planned.
 *
 * @param isDryRun whether this is only a plan
 */
public record HomeAdoptionDocument(HomeAdoptionPlan plan, boolean isDryRun) implements Document {

  @Override
  public void writeText(PrintWriter out) {
    out.println((isDryRun ? "would copy " : "copied ") + countOf(plan));
    linesOf(plan).forEach(out::println);
    if (isDryRun) {
      out.println("this was a dry run: nothing was changed");
    }
  }

  /**
   * {@return how many boxes and bases a plan has}
   *
   * @param plan the plan
   */
  public static String countOf(HomeAdoptionPlan plan) {
    return Text.count(plan.boxes().size(), "box", "boxes")
        + " and "
        + Text.count(plan.bases().size(), "base");
  }

  /**
   * {@return one line for each box, base and file that is left out}
   *
   * @param plan the plan
   */
  public static ImmutableList<String> linesOf(HomeAdoptionPlan plan) {
    Stream<String> boxes = plan.boxes().stream().map(HomeAdoptionDocument::lineOf);
    Stream<String> bases =
        plan.files().stream()
            .filter(entry -> entry.base().isPresent())
            .map(HomeAdoptionDocument::lineOf);
    Stream<String> leftOut =
        plan.leftOut().stream()
            .map(
                file ->
                    "left out  " + Text.line(file.file() + ": " + AdoptionDocument.reasonOf(file)));
    return Stream.of(boxes, bases, leftOut).flatMap(lines -> lines).collect(toImmutableList());
  }

  private static String lineOf(Entry entry) {
    StringBuilder line = new StringBuilder();
    entry.box().ifPresent(box -> line.append("  box   ").append(box.id()));
    entry.base().ifPresent(base -> line.append("  base  ").append(base.id()).append(roleOf(base)));
    line.append("  from ").append(Text.line(entry.file().source().toString()));
    if (entry.formerName() != null) {
      line.append("  was called ").append(Text.line(entry.formerName()));
    }
    if (entry.note() != null) {
      line.append("  note: ").append(Text.line(entry.note()));
    }
    return line.toString();
  }

  private static String roleOf(BaseDisk base) {
    if (base.name() == null) {
      return "";
    }
    String name = Text.line(base.name().value());
    return base.kind() == BaseDiskKind.ROOTFS
        ? "  rootfs " + name
        : "  " + base.sourceBoxId() + "@" + name;
  }

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("boxes");
    for (Entry entry : plan.boxes().reverse()) {
      BoxDocuments.writeBox(json, detailsOf(entry));
    }
    json.writeEndArray();
    json.writeArrayFieldStart("bases");
    for (BaseDetails base : BaseDetails.ofAll(plan.bases().reverse(), plan.references())) {
      BaseDocuments.writeBase(json, base);
    }
    json.writeEndArray();
    writeRenamed(json);
    writeNotes(json);
    json.writeArrayFieldStart("left_out");
    for (UnadoptedFile file : plan.leftOut()) {
      AdoptionDocument.write(json, file);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void writeRenamed(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("renamed");
    for (Entry entry : plan.files()) {
      if (entry.formerName() != null) {
        json.writeStartObject();
        writeSubject(json, entry);
        json.writeStringField("from", entry.formerName());
        json.writeStringField("to", nameOf(entry));
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  private void writeNotes(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("notes");
    for (Entry entry : plan.files()) {
      if (entry.note() != null) {
        json.writeStartObject();
        writeSubject(json, entry);
        json.writeStringField("note", entry.note());
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  private static void writeSubject(JsonGenerator json, Entry entry) throws IOException {
    if (entry.box().isPresent()) {
      json.writeStringField("box", nameOf(entry));
    } else {
      json.writeStringField("base", entry.base().orElseThrow().id().value());
    }
  }

  private static String nameOf(Entry entry) {
    return entry
        .box()
        .map(box -> box.id().value())
        .orElseGet(
            () ->
                entry
                    .base()
                    .flatMap(base -> Optional.ofNullable(base.name()))
                    .map(name -> name.value())
                    .orElse(""));
  }

  private static BoxDetails detailsOf(Entry entry) {
    return new BoxDetails(
        entry.box().orElseThrow(),
        entry.file().target().parent(),
        new DiskState.Known(entry.file().virtualSize(), entry.depth()));
  }
}
