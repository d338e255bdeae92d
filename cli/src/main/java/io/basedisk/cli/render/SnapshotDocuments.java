package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.snapshot.Snapshots.Fate;
import io.basedisk.domain.snapshot.Snapshots.Removed;
import io.basedisk.domain.snapshot.Snapshots.Restored;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.stream.Stream;

/** Restores and removals of snapshots as documents. */
public final class SnapshotDocuments {

  private SnapshotDocuments() {}

  /** A restored box. */
  public record Restore(Restored restored) implements Document {

    @Override
    public void writeText(PrintWriter out) {
      new BoxDocuments.One(restored.box()).writeText(out);
      out.println(CollectionDocuments.summary(restored.report()));
    }

    @Override
    public void writeJson(JsonGenerator json) throws IOException {
      json.writeStartObject();
      json.writeFieldName("box");
      BoxDocuments.writeBox(json, restored.box());
      CollectionDocuments.writeFreed(json, restored.report());
      json.writeEndObject();
    }
  }

  /**
   * Several removed snapshots.
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

    @Override
    public void writeText(PrintWriter out) {
      all.forEach(removal -> removal.writeText(out));
    }

    @Override
    public void writeJson(JsonGenerator json) throws IOException {
      json.writeStartObject();
      json.writeArrayFieldStart("removed");
      for (Removal removal : all) {
        json.writeStartObject();
        removal.writeFate(json);
        json.writeEndObject();
      }
      json.writeEndArray();
      CollectionDocuments.writeFreed(
          json,
          all.stream()
              .map(removal -> removal.removed().report())
              .reduce(CollectionReport.NOTHING, CollectionReport::and));
      json.writeEndObject();
    }
  }

  /** A removed snapshot, and the boxes and bases that still need its content. */
  public record Removal(SnapshotName name, Removed removed) implements Document {

    @Override
    public void writeText(PrintWriter out) {
      out.println("removed " + name + "; " + CollectionDocuments.summary(removed.report()));
      if (removed.fate() instanceof Fate.Demoted demoted) {
        out.println(
            "its content stays as base "
                + removed.id()
                + " ("
                + Sizes.human(demoted.bytes())
                + ") as long as it is needed"
                + holders(demoted));
      }
    }

    private static String holders(Fate.Demoted demoted) {
      if (demoted.boxes().isEmpty() && demoted.bases().isEmpty()) {
        return "";
      }
      return " by "
          + Joiner.on(", ")
              .join(
                  Stream.concat(
                          demoted.boxes().stream().map(box -> "box " + box),
                          demoted.bases().stream().map(base -> "base " + base))
                      .iterator());
    }

    @Override
    public void writeJson(JsonGenerator json) throws IOException {
      json.writeStartObject();
      writeFate(json);
      CollectionDocuments.writeFreed(json, removed.report());
      json.writeEndObject();
    }

    private void writeFate(JsonGenerator json) throws IOException {
      json.writeStringField("removed", name.value());
      json.writeStringField("id", removed.id().value());
      json.writeBooleanField("demoted", removed.fate() instanceof Fate.Demoted);
      json.writeArrayFieldStart("held_by");
      if (removed.fate() instanceof Fate.Demoted demoted) {
        writeHolders(json, demoted);
      }
      json.writeEndArray();
    }

    private static void writeHolders(JsonGenerator json, Fate.Demoted demoted) throws IOException {
      for (BoxId box : demoted.boxes()) {
        writeHolder(json, "box", box.value());
      }
      for (BaseDiskId base : demoted.bases()) {
        writeHolder(json, "base", base.value());
      }
    }

    private static void writeHolder(JsonGenerator json, String kind, String name)
        throws IOException {
      json.writeStartObject();
      json.writeStringField(kind, name);
      json.writeEndObject();
    }
  }
}
