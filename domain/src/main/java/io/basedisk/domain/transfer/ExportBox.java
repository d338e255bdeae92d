package io.basedisk.domain.transfer;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.lineage.Ancestry;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.artifact.Artifact;
import io.basedisk.domain.model.artifact.PackedLayer;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.transfer.ExportedBases.Top;
import io.basedisk.domain.transfer.Transfers.Exported;
import io.basedisk.domain.transfer.Transfers.ExportedLayer;
import java.util.ArrayList;
import java.util.List;
import javax.inject.Inject;

/** Exports a box or a snapshot as layers. Thread-safe. */
final class ExportBox {

  private final BaseDiskStore store;
  private final ExportedBases bases;
  private final LayerExport layers;

  @Inject
  ExportBox(BaseDiskStore store, ExportedBases bases, LayerExport layers) {
    this.store = store;
    this.bases = bases;
    this.layers = layers;
  }

  /** Exports as {@link Transfers#exportBox} does. */
  Exported run(ExportRequest request, LayerStore place, Progress progress) {
    long below = bytesBelow(request.box());
    ExportProgress whole =
        new ExportProgress(progress, copied -> LayerExport.READS * (copied + below));
    return bases.read(request, whole.ofCopy(), top -> send(top, request, place, whole.ofReading()));
  }

  private long bytesBelow(BoxId box) {
    return store
        .read(
            view ->
                Ancestry.from(view, Ancestry.baseOf(view, box, DiskSlot.CONTAINER).orElse(null)))
        .stream()
        .mapToLong(base -> base.diskInfo().sizeBytes())
        .sum();
  }

  private Exported send(Top top, ExportRequest request, LayerStore place, Progress progress) {
    ImmutableList<BaseDisk> chain =
        store.<ImmutableList<BaseDisk>>read(view -> Ancestry.from(view, top.base().id())).reverse();
    List<ExportedLayer> sent = new ArrayList<>();
    ImmutableList.Builder<PackedLayer> packed = ImmutableList.builder();
    layers.send(
        chain,
        request.box(),
        place,
        progress,
        (layer, skipped) -> {
          packed.add(layer);
          sent.add(new ExportedLayer(layer.layer(), skipped));
        });
    Artifact artifact =
        new Artifact(request.box(), top.virtualSize(), request.platform(), packed.build());
    return new Exported(ImmutableList.copyOf(sent), place.publish(artifact));
  }
}
