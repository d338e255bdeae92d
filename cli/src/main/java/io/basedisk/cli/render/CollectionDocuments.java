package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.compact.Compactions.FleetOutcome;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.KeepReason;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Removals and collections as documents. */
public final class CollectionDocuments {

  private CollectionDocuments() {}

  /**
   * Several removals.
   *
   * @param all the removals, in their order
   */
  public record Removals(ImmutableList<Removal> all) implements Document {

    /**
     * {@return the only removal as a document, or several as one document}
     *
     * @param all the removals
     * @param isList whether several were asked for
     */
    public static Document of(ImmutableList<Removal> all, boolean isList) {
      return isList ? new Removals(all) : all.get(0);
    }

    private CollectionReport report() {
      return all.stream()
          .map(Removal::report)
          .reduce(CollectionReport.NOTHING, CollectionReport::and);
    }

    @Override
    public void writeText(PrintWriter out) {
      out.println(
          "removed "
              + Joiner.on(", ").join(all.stream().map(Removal::removed).iterator())
              + "; "
              + summary(report()));
    }

    @Override
    public void writeJson(JsonGenerator json) throws IOException {
      json.writeStartObject();
      json.writeArrayFieldStart("removed");
      for (Removal one : all) {
        json.writeString(one.removed());
      }
      json.writeEndArray();
      writeFreed(json, report());
      json.writeEndObject();
    }
  }

  /**
   * A removal.
   *
   * @param removed the name or id of the removed box, base or rootfs
   */
  public record Removal(String removed, CollectionReport report) implements Document {

    @Override
    public void writeText(PrintWriter out) {
      out.println("removed " + removed + "; " + summary(report));
    }

    @Override
    public void writeJson(JsonGenerator json) throws IOException {
      json.writeStartObject();
      json.writeStringField("removed", removed);
      writeFreed(json, report);
      json.writeEndObject();
    }
  }

  /**
   * A full collection.
   *
   * @param compaction the compactions after it; null if none were requested
   * @param dryRun whether this is only a plan
   * @param explain whether to print why each other base stays
   */
  public record Collection(
      GarbageCollection.Report whole,
      @Nullable FleetOutcome compaction,
      boolean dryRun,
      boolean explain)
      implements Document {

    private CollectionReport report() {
      return whole.bases();
    }

    @Override
    public void writeText(PrintWriter out) {
      out.println(dryRun ? plannedSummary(report()) : summary(report()));
      whole
          .discarded()
          .forEach(file -> out.println((dryRun ? "would discard " : "discarded ") + file));
      whole.orphans().forEach(file -> out.println("orphan " + file));
      if (compaction != null) {
        CompactionDocuments.writeText(out, compaction, dryRun);
      }
      if (explain) {
        Text.Table table = new Text.Table("KEPT", "WHY");
        report().kept().forEach((base, why) -> table.row(base.value(), why.describe()));
        table.write(out, "no base is left");
      }
    }

    @Override
    public void writeJson(JsonGenerator json) throws IOException {
      json.writeStartObject();
      writeFreed(json, report());
      writeFiles(json, "discarded", whole.discarded());
      writeFiles(json, "orphans", whole.orphans());
      if (compaction != null) {
        CompactionDocuments.writeJson(json, compaction);
      }
      if (explain) {
        writeKept(json);
      }
      json.writeEndObject();
    }

    private static void writeFiles(JsonGenerator json, String name, Iterable<Path> files)
        throws IOException {
      json.writeArrayFieldStart(name);
      for (Path file : files) {
        json.writeString(file.toString());
      }
      json.writeEndArray();
    }

    private void writeKept(JsonGenerator json) throws IOException {
      json.writeArrayFieldStart("kept");
      for (Map.Entry<BaseDiskId, KeepReason> kept : report().kept().entrySet()) {
        json.writeStartObject();
        json.writeStringField("id", kept.getKey().value());
        json.writeStringField("reason", kept.getValue().describe());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
  }

  static void writeFreed(JsonGenerator json, CollectionReport report) throws IOException {
    json.writeArrayFieldStart("collected");
    for (BaseDiskId id : report.collected()) {
      json.writeString(id.value());
    }
    json.writeEndArray();
    json.writeNumberField("freed_bytes", report.freedBytes());
  }

  static String plannedSummary(CollectionReport report) {
    return summary(report, "would collect", "free");
  }

  static String summary(CollectionReport report) {
    return summary(report, "collected", "freed");
  }

  private static String summary(CollectionReport report, String collected, String freed) {
    if (report.collected().isEmpty()) {
      return collected + " no base";
    }
    return collected
        + " "
        + Text.count(report.collected().size(), "base")
        + " ("
        + Joiner.on(", ").join(report.collected())
        + "), "
        + freed
        + " "
        + Sizes.human(report.freedBytes());
  }
}
