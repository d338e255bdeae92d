package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.lineage.BaseDetails;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.rebuild.LeftOut;
import io.basedisk.domain.rebuild.RebuildPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The records of a rebuilt store.
 *
 * @param storeKept the path of the old store; empty if there was none, or in a dry run
 */
public record RebuildDocument(RebuildPlan plan, Optional<Path> storeKept, boolean isDryRun)
    implements Document {

  @Override
  public void writeText(PrintWriter out) {
    String verb = isDryRun ? "would record" : "recorded";
    out.println(
        verb
            + " "
            + Text.count(plan.boxes().size(), "box", "boxes")
            + " and "
            + Text.count(plan.bases().size(), "base"));
    for (Box box : plan.boxes()) {
      out.println(
          "  box   " + box.id() + "  " + Text.line(box.disk(DiskSlot.CONTAINER).toString()));
    }
    for (BaseDisk base : plan.bases()) {
      out.println(
          "  base  "
              + BaseDocuments.label(base)
              + (base.diskInfo().isForeign()
                  ? "  foreign: " + Text.line(base.diskInfo().basePath().toString())
                  : ""));
    }
    if (!plan.holds().isEmpty()) {
      out.println(
          "held, because a missing box or disk may need them: "
              + Text.count(plan.holds().size(), "base")
              + "; once every box is back, end the holds: basedisk gc --release-holds");
    }
    if (!plan.unknownNames().isEmpty()) {
      out.println("bases with unknown names: " + BaseDocuments.listOf(plan.unknownNames()));
    }
    for (LeftOut leftOut : plan.leftOut()) {
      out.println("left out  " + Text.line(leftOut.file() + ": " + reasonOf(leftOut)));
    }
    storeKept.ifPresent(kept -> out.println("the old store is " + kept));
    if (isDryRun) {
      out.println("this was a dry run: nothing was changed");
    }
  }

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("boxes");
    ImmutableMap<BoxId, BaseDiskId> baseByBox = baseByBox();
    for (Box box : plan.boxes()) {
      writeBox(json, box, baseByBox);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("bases");
    for (BaseDetails base : BaseDetails.ofAll(plan.bases().reverse(), plan.references())) {
      BaseDocuments.writeBase(json, base);
    }
    json.writeEndArray();
    writeIds(
        json,
        "holds",
        plan.holds().stream().map(Hold::base).collect(ImmutableList.toImmutableList()));
    writeIds(json, "unknown_names", plan.unknownNames());
    if (storeKept.isPresent()) {
      json.writeStringField("store_kept", storeKept.get().toString());
    } else {
      json.writeNullField("store_kept");
    }
    json.writeArrayFieldStart("left_out");
    for (LeftOut leftOut : plan.leftOut()) {
      json.writeStartObject();
      json.writeStringField("file", leftOut.file().toString());
      json.writeStringField("why", reasonOf(leftOut));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static String reasonOf(LeftOut leftOut) {
    Remedy remedy = leftOut.remedy();
    return leftOut.why() + (remedy == null ? "" : "; " + RemedyText.of(remedy));
  }

  private static void writeBox(
      JsonGenerator json, Box box, ImmutableMap<BoxId, BaseDiskId> baseByBox) throws IOException {
    json.writeStartObject();
    json.writeStringField("box", box.id().value());
    json.writeStringField("disk", box.disk(DiskSlot.CONTAINER).toString());
    BaseDiskId base = baseByBox.get(box.id());
    if (base != null) {
      json.writeStringField("base_id", base.value());
    }
    json.writeNumberField("created_at", box.createdAt().getEpochSecond());
    json.writeEndObject();
  }

  private ImmutableMap<BoxId, BaseDiskId> baseByBox() {
    return plan.references().stream()
        .filter(reference -> reference.slot() == DiskSlot.CONTAINER)
        .collect(ImmutableMap.toImmutableMap(Reference::box, Reference::base));
  }

  private static void writeIds(JsonGenerator json, String name, ImmutableList<BaseDiskId> ids)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (BaseDiskId id : ids) {
      json.writeString(id.value());
    }
    json.writeEndArray();
  }
}
