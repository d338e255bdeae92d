package io.basedisk.cli.render;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.adopt.AdoptionPlan;
import io.basedisk.domain.adopt.AdoptionPlan.Entry;
import io.basedisk.domain.adopt.UnadoptedFile;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.box.BoxDetails.DiskState;
import io.basedisk.domain.lineage.BaseDetails;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.intent.AdoptedFile;
import io.basedisk.domain.model.intent.AdoptedFile.Role;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.stream.Stream;

/**
 * An adoption, done or planned.
 *
 * @param isDryRun whether this is only a plan
 */
public record AdoptionDocument(AdoptionPlan plan, boolean isDryRun) implements Document {

  @Override
  public void writeText(PrintWriter out) {
    out.println((isDryRun ? "would adopt " : "adopted ") + countOf(plan));
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
  public static String countOf(AdoptionPlan plan) {
    return Text.count(plan.boxes().size(), "box", "boxes")
        + " and "
        + Text.count(plan.bases().size(), "base");
  }

  /**
   * {@return one line for each file of a plan}
   *
   * @param plan the plan
   */
  public static ImmutableList<String> linesOf(AdoptionPlan plan) {
    Stream<String> boxes = plan.boxes().stream().map(AdoptionDocument::lineOf);
    Stream<String> bases =
        plan.files().stream()
            .filter(entry -> entry.file().role() instanceof Role.Base)
            .map(AdoptionDocument::lineOf);
    Stream<String> leftOut =
        plan.leftOut().stream()
            .map(file -> "left out  " + Text.line(file.file() + ": " + reasonOf(file)));
    return Stream.of(boxes, bases, leftOut).flatMap(lines -> lines).collect(toImmutableList());
  }

  private static String lineOf(Entry entry) {
    AdoptedFile file = entry.file();
    StringBuilder line = new StringBuilder();
    if (file.role() instanceof Role.BoxDisk disk) {
      line.append("  box   ").append(disk.box());
    } else if (file.role() instanceof Role.Base base) {
      line.append("  base  ").append(base.id());
    }
    line.append("  ").append(Text.line(file.path().toString()));
    if (file.format() == ImageFormat.RAW) {
      line.append("  raw");
    }
    if (file.move() != null) {
      line.append("  moves to ").append(Text.line(file.finalPath().toString()));
    } else if (entry.whyStays() != null) {
      line.append("  stays: ").append(Text.line(entry.whyStays()));
    }
    return line.toString();
  }

  /** {@return why a file is left out, and what to do about it} */
  static String reasonOf(UnadoptedFile file) {
    return file.why() + (file.remedy() == null ? "" : "; " + RemedyText.of(file.remedy()));
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
    for (BaseDetails base : BaseDetails.ofAll(plan.bases().reverse(), references())) {
      BaseDocuments.writeBase(json, base);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("left_out");
    for (UnadoptedFile file : plan.leftOut()) {
      write(json, file);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Writes a file that is left out, with the reason. */
  static void write(JsonGenerator json, UnadoptedFile file) throws IOException {
    json.writeStartObject();
    json.writeStringField("file", file.file().toString());
    json.writeStringField("why", reasonOf(file));
    json.writeEndObject();
  }

  private BoxDetails detailsOf(Entry entry) {
    return new BoxDetails(
        entry.box(plan.at()).orElseThrow(),
        entry.file().parent(),
        new DiskState.Known(entry.file().virtualSize(), entry.depth()));
  }

  private ImmutableList<Reference> references() {
    ImmutableList.Builder<Reference> references = ImmutableList.builder();
    for (Entry entry : plan.boxes()) {
      if (entry.file().role() instanceof Role.BoxDisk disk && entry.file().parent() != null) {
        references.add(new Reference(entry.file().parent(), disk.box(), DiskSlot.CONTAINER));
      }
    }
    return references.build();
  }
}
