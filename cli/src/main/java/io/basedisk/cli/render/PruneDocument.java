package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.base.Ascii;
import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.snapshot.PrunePlan;
import io.basedisk.domain.snapshot.Snapshots.Pruned;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Collection;

/** The removal of old snapshots as documents. */
public final class PruneDocument {

  private PruneDocument() {}

  /** The removal that a command without {@code --dry-run} does. */
  public record Planned(PrunePlan plan) implements Document {

    @Override
    public void writeText(PrintWriter out) {
      out.println("would remove " + namesOrNone(plan.removed().keySet().asList()));
      writeReasons(out, plan);
    }

    @Override
    public void writeJson(JsonGenerator json) throws IOException {
      json.writeStartObject();
      writeNames(json, "removed", plan.removed().keySet());
      writeNames(json, "kept", plan.kept().keySet());
      json.writeEndObject();
    }
  }

  /**
   * The removal.
   *
   * @param plan its plan
   * @param pruned what was done
   */
  public record Done(PrunePlan plan, Pruned pruned) implements Document {

    @Override
    public void writeText(PrintWriter out) {
      out.println(
          "removed "
              + namesOrNone(pruned.names())
              + "; "
              + CollectionDocuments.summary(pruned.report()));
      writeReasons(out, plan);
    }

    @Override
    public void writeJson(JsonGenerator json) throws IOException {
      json.writeStartObject();
      writeNames(json, "removed", pruned.names());
      writeNames(json, "kept", plan.kept().keySet());
      CollectionDocuments.writeFreed(json, pruned.report());
      json.writeEndObject();
    }
  }

  private static String namesOrNone(ImmutableList<SnapshotName> names) {
    return names.isEmpty() ? "no snapshot" : Joiner.on(", ").join(names);
  }

  private static void writeReasons(PrintWriter out, PrunePlan plan) {
    Text.Table table = new Text.Table("KEPT", "WHY");
    plan.kept()
        .forEach(
            (name, reasons) ->
                table.row(name.value(), Ascii.toLowerCase(Joiner.on(", ").join(reasons))));
    table.write(out, "no snapshots");
  }

  private static void writeNames(JsonGenerator json, String field, Collection<SnapshotName> names)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (SnapshotName name : names) {
      json.writeString(name.value());
    }
    json.writeEndArray();
  }
}
