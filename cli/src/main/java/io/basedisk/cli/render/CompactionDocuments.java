package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.compact.Compactions.Compacted;
import io.basedisk.domain.compact.Compactions.FleetOutcome;
import io.basedisk.domain.compact.Compactions.Left;
import io.basedisk.domain.compact.Compactions.Outcome;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;

/** Compactions, done or planned, as documents. */
public final class CompactionDocuments {

  private static final CollectionReport NOTHING_COLLECTED =
      new CollectionReport(ImmutableList.of(), 0, ImmutableMap.of());

  private CompactionDocuments() {}

  /**
   * The compaction of one box.
   *
   * @param dryRun whether this is only a plan
   */
  public record One(Outcome outcome, boolean dryRun) implements Document {

    @Override
    public void writeText(PrintWriter out) {
      if (outcome instanceof Compacted done) {
        writeLine(out, done, dryRun);
      } else if (outcome instanceof Left left) {
        out.println(
            "box " + left.box().box().id() + " is left as it is: " + left.reason().describe());
      }
    }

    @Override
    public void writeJson(JsonGenerator json) throws IOException {
      json.writeStartObject();
      json.writeFieldName("box");
      BoxDocuments.writeBox(json, outcome.box());
      if (outcome instanceof Compacted done) {
        writeFigures(json, done);
      } else if (outcome instanceof Left left) {
        writeNothingDone(json, left);
      }
      json.writeEndObject();
    }

    private static void writeNothingDone(JsonGenerator json, Left left) throws IOException {
      if (left.box().disk() instanceof BoxDetails.DiskState.Known known) {
        json.writeNumberField("depth_before", known.depth());
        json.writeNumberField("depth_after", known.depth());
      }
      json.writeArrayFieldStart("merged");
      json.writeEndArray();
      json.writeNumberField("written_bytes", 0);
      json.writeNumberField("replaced_bytes", 0);
      CollectionDocuments.writeFreed(json, NOTHING_COLLECTED);
      json.writeStringField("left", left.reason().describe());
    }
  }

  /** Writes the outcome of every box as lines of a larger text. */
  static void writeText(PrintWriter out, FleetOutcome outcome, boolean dryRun) {
    outcome.compacted().forEach(done -> writeLine(out, done, dryRun));
    outcome
        .skipped()
        .forEach((box, why) -> out.println(Text.line("skipped box " + box + ": " + why)));
  }

  /** Writes the outcome of every box as two fields of a document. */
  static void writeJson(JsonGenerator json, FleetOutcome outcome) throws IOException {
    json.writeArrayFieldStart("compacted");
    for (Compacted done : outcome.compacted()) {
      json.writeStartObject();
      json.writeStringField("box", done.box().box().id().value());
      writeFigures(json, done);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("skipped");
    for (Map.Entry<BoxId, String> skipped : outcome.skipped().entrySet()) {
      json.writeStartObject();
      json.writeStringField("box", skipped.getKey().value());
      json.writeStringField("reason", skipped.getValue());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeFigures(JsonGenerator json, Compacted done) throws IOException {
    json.writeNumberField("depth_before", done.depthBefore());
    json.writeNumberField("depth_after", done.merge().depth());
    json.writeStringField("kept_base", done.merge().base().value());
    json.writeArrayFieldStart("merged");
    for (BaseDiskId base : done.merge().merged()) {
      json.writeString(base.value());
    }
    json.writeEndArray();
    json.writeNumberField("written_bytes", done.writtenBytes());
    json.writeNumberField("replaced_bytes", done.replacedBytes());
    CollectionDocuments.writeFreed(json, done.report());
  }

  private static void writeLine(PrintWriter out, Compacted done, boolean dryRun) {
    out.println(
        (dryRun ? "would compact box " : "compacted box ")
            + done.box().box().id()
            + ": depth "
            + done.depthBefore()
            + " -> "
            + done.merge().depth()
            + ", "
            + (dryRun ? "to write at most " : "wrote ")
            + Sizes.human(done.writtenBytes())
            + " in place of "
            + Sizes.human(done.replacedBytes())
            + "; "
            + (dryRun
                ? CollectionDocuments.plannedSummary(done.report())
                : CollectionDocuments.summary(done.report())));
  }
}
