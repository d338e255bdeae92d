package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.rootfs.RootfsCache.Entry;
import io.basedisk.domain.rootfs.RootfsCache.Pruned;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;

/** The rootfs cache as documents. */
public final class RootfsDocuments {

  private static final int SHOWN_OF_A_DIGEST = 12;

  private RootfsDocuments() {}

  /** Entries of the cache, in their order. */
  public record Entries(ImmutableList<Entry> entries) implements Document {

    @Override
    public void writeText(PrintWriter out) {
      Text.Table table =
          new Text.Table(
                  "KEY", "BASE", "VIRTUAL", "LENGTH", "DIGEST", "LAST USED", "FROM", "BOXES ON IT")
              .cutting("BOXES ON IT")
              .shortening("LAST USED")
              .leavingOut("LENGTH", "DIGEST", "LAST USED", "FROM");
      for (Entry entry : entries) {
        BaseDisk base = entry.details().base();
        table.row(
            String.valueOf(base.name()),
            base.id().value(),
            Sizes.human(base.diskInfo().containerDiskBytes()),
            Sizes.human(base.diskInfo().sizeBytes()),
            entry.digest() == null ? "-" : entry.digest().substring(0, SHOWN_OF_A_DIGEST),
            Text.time(entry.lastUsedAt()),
            Text.line(originOf(entry)),
            BaseDocuments.listOf(entry.details().referencedBy()));
      }
      table.write(out, "no rootfs");
    }

    /** {@return a reference, or the name of a file: its directory would fill the table} */
    private static String originOf(Entry entry) {
      String origin = entry.origin();
      if (origin == null) {
        return "-";
      }
      return origin.startsWith("/") ? String.valueOf(Path.of(origin).getFileName()) : origin;
    }

    @Override
    public void writeJson(JsonGenerator json) throws IOException {
      json.writeStartArray();
      for (Entry entry : entries) {
        json.writeStartObject();
        BaseDocuments.writeFields(json, entry.details());
        if (entry.digest() != null) {
          json.writeStringField("digest", entry.digest());
        }
        json.writeNumberField("last_used_at", entry.lastUsedAt().getEpochSecond());
        if (entry.origin() != null) {
          json.writeStringField("origin", entry.origin());
        }
        json.writeEndObject();
      }
      json.writeEndArray();
    }
  }

  /** What was evicted. */
  public record Prune(Pruned pruned) implements Document {

    @Override
    public void writeText(PrintWriter out) {
      out.println(
          (pruned.keys().isEmpty()
                  ? "removed no rootfs"
                  : "removed " + Joiner.on(", ").join(pruned.keys()))
              + "; "
              + CollectionDocuments.summary(pruned.report()));
    }

    @Override
    public void writeJson(JsonGenerator json) throws IOException {
      json.writeStartObject();
      json.writeArrayFieldStart("removed");
      for (RootfsKey key : pruned.keys()) {
        json.writeString(key.value());
      }
      json.writeEndArray();
      CollectionDocuments.writeFreed(json, pruned.report());
      json.writeEndObject();
    }
  }
}
