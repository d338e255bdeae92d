package io.basedisk.domain.transfer;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.base.BaseInspection;
import io.basedisk.domain.base.MakeBase;
import io.basedisk.domain.base.UnwrittenDisks;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.lineage.Ancestry;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.artifact.Artifact;
import io.basedisk.domain.model.artifact.PackedLayer;
import io.basedisk.domain.model.intent.ExportIntent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.protocol.Collector;
import io.basedisk.domain.protocol.ExportProtocol;
import io.basedisk.domain.protocol.Operations;
import io.basedisk.domain.snapshot.Snapshots;
import io.basedisk.domain.transfer.Transfers.Exported;
import io.basedisk.domain.transfer.Transfers.ExportedLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.inject.Inject;

/** Exports a box or a snapshot. Thread-safe. */
final class ExportBox {

  private final BaseDiskStore store;
  private final DiskImages images;
  private final BackingChains chains;
  private final UnwrittenDisks unwritten;
  private final MakeBase makeBase;
  private final BaseInspection inspection;
  private final LayerExport layers;
  private final Operations operations;
  private final ExportProtocol protocol;
  private final Collector collector;
  private final EventListener listener;

  @Inject
  ExportBox(
      BaseDiskStore store,
      DiskImages images,
      BackingChains chains,
      UnwrittenDisks unwritten,
      MakeBase makeBase,
      BaseInspection inspection,
      LayerExport layers,
      Operations operations,
      ExportProtocol protocol,
      Collector collector,
      EventListener listener) {
    this.store = store;
    this.images = images;
    this.chains = chains;
    this.unwritten = unwritten;
    this.makeBase = makeBase;
    this.inspection = inspection;
    this.layers = layers;
    this.operations = operations;
    this.protocol = protocol;
    this.collector = collector;
    this.listener = listener;
  }

  /**
   * The top layer of an export.
   *
   * @param base the base
   * @param virtualSize virtual size of the disk
   */
  private record Top(BaseDisk base, ByteSize virtualSize) {}

  /** Exports as {@link Transfers#exportBox} does. */
  Exported run(ExportRequest request, LayerStore place, Progress progress) {
    Box box = store.read(view -> RegisteredBoxes.require(view, request.box()));
    while (true) {
      Top top = topOf(box, request);
      try {
        return export(box, top, request, place, progress);
      } catch (NotFoundException e) {
        // Another operation removed the base before the export's intent could keep it. The box has
        // another base now, or none: try again.
        if (store.read(view -> view.bases().find(top.base().id())).isPresent()) {
          throw e;
        }
      }
    }
  }

  private Top topOf(Box box, ExportRequest request) {
    SnapshotName snapshot = request.snapshot();
    if (snapshot != null) {
      BaseDisk base = store.read(view -> Snapshots.require(view, box.id(), snapshot));
      return new Top(base, new ByteSize(base.diskInfo().containerDiskBytes()));
    }
    BaseDisk base = unwritten.baseOf(box).orElseGet(() -> makeBase(request));
    long virtualSize = images.readHeader(box.disk(DiskSlot.CONTAINER)).virtualSize();
    return new Top(base, new ByteSize(virtualSize));
  }

  private BaseDisk makeBase(ExportRequest request) {
    return switch (request.mode()) {
      case FORK ->
          makeBase.fork(
              request.box(),
              BaseDiskKind.CLONE_BASE,
              null,
              request.internals(),
              ImmutableSet.of(),
              Progress.NONE);
      case COPY ->
          makeBase.copy(
              request.box(), BaseDiskKind.CLONE_BASE, null, request.internals(), Progress.NONE);
    };
  }

  private Exported export(
      Box box, Top top, ExportRequest request, LayerStore place, Progress progress) {
    ExportIntent intent = protocol.plan(top.base().id());
    AtomicReference<Exported> exported = new AtomicReference<>();
    operations.perform(
        intent,
        tx -> {},
        () -> {
          inspection.requireIntact(top.base().id());
          exported.set(send(top, request, place, progress));
          protocol.finish(intent, box.id(), request.snapshot());
        });
    listener.on(new Event.Exported(intent.id(), box.id(), top.base().id()));
    collector.collectAfter(
        LogWriter.causeOf(intent),
        () -> HeaderEvidence.read(chains, ImmutableList.of(box.disk(DiskSlot.CONTAINER))));
    return checkNotNull(exported.get());
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
