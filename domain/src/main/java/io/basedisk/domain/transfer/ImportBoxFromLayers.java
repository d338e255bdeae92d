package io.basedisk.domain.transfer;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.base.NewBaseIds;
import io.basedisk.domain.box.NewBoxNames;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.artifact.Artifact;
import io.basedisk.domain.model.artifact.PackedLayer;
import io.basedisk.domain.model.intent.ImportArtifactIntent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.protocol.ArtifactLayers;
import io.basedisk.domain.protocol.ArtifactLayers.Missing;
import io.basedisk.domain.protocol.ArtifactLayers.Reused;
import io.basedisk.domain.protocol.ImportArtifactProtocol;
import io.basedisk.domain.protocol.Operations;
import io.basedisk.domain.transfer.Transfers.ImportedLayer;
import java.util.concurrent.atomic.AtomicLong;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Imports an artifact as a new box. Thread-safe. */
final class ImportBoxFromLayers {

  private final BaseDiskStore store;
  private final NewBoxNames names;
  private final LayersHere layersHere;
  private final NewBaseIds ids;
  private final Operations operations;
  private final ImportArtifactProtocol protocol;

  @Inject
  ImportBoxFromLayers(
      BaseDiskStore store,
      NewBoxNames names,
      LayersHere layersHere,
      NewBaseIds ids,
      Operations operations,
      ImportArtifactProtocol protocol) {
    this.store = store;
    this.names = names;
    this.layersHere = layersHere;
    this.ids = ids;
    this.operations = operations;
    this.protocol = protocol;
  }

  /** Imports as {@link Transfers#importBox} does. */
  ImmutableList<ImportedLayer> run(
      BoxId box, LayerStore place, @Nullable ByteSize maxBytes, Progress progress) {
    names.requireFree(ImmutableList.of(box));
    Artifact artifact = place.artifact();
    ArtifactChecks.check(artifact);
    while (true) {
      ArtifactLayers layers = layersOf(artifact);
      ArtifactChecks.checkLimit(bytesOf(layers), maxBytes);
      try {
        return receive(box, layers, place, progress);
      } catch (NotFoundException e) {
        // Another operation removed a layer that is here before the intent could keep it.
        if (!isGone(layers)) {
          throw e;
        }
      }
    }
  }

  private boolean isGone(ArtifactLayers layers) {
    return !layers.reused().isEmpty()
        && store
            .read(
                view ->
                    view.bases().find(layers.reused().get(layers.reused().size() - 1).base().id()))
            .isEmpty();
  }

  private ArtifactLayers layersOf(Artifact artifact) {
    ImmutableList<Reused> reused = layersHere.of(artifact);
    ImmutableList.Builder<Missing> missing = ImmutableList.builder();
    for (int i = reused.size(); i < artifact.layers().size(); i++) {
      missing.add(new Missing(artifact.layers().get(i), artifact.chainIds().get(i)));
    }
    return new ArtifactLayers(reused, missing.build(), artifact.virtualSize());
  }

  private ImmutableList<ImportedLayer> receive(
      BoxId box, ArtifactLayers layers, LayerStore place, Progress progress) {
    ImportArtifactIntent intent = protocol.plan(box, layers, ids::unused);
    long total = bytesOf(layers);
    AtomicLong before = new AtomicLong();
    operations.perform(
        intent,
        tx -> names.requireFree(tx, ImmutableList.of(intent.newBox())),
        () ->
            protocol.run(
                intent,
                layers,
                (layer, sink) -> {
                  place.read(layer, sink, (done, of) -> progress.at(before.get() + done, total));
                  progress.at(before.addAndGet(layer.layer().bytes()), total);
                }));
    return results(layers, intent);
  }

  /** {@return the layers} Not from the steps: their last commit may fail after it has happened. */
  private static ImmutableList<ImportedLayer> results(
      ArtifactLayers layers, ImportArtifactIntent intent) {
    ImmutableList.Builder<ImportedLayer> results = ImmutableList.builder();
    layers
        .reused()
        .forEach(
            reused -> results.add(new ImportedLayer(reused.layer(), reused.base().id(), true, 0)));
    for (int i = 0; i < layers.missing().size(); i++) {
      PackedLayer packed = layers.missing().get(i).packed();
      BaseDiskId base = intent.newBases().get(i).id();
      results.add(new ImportedLayer(packed.layer(), base, false, packed.blobBytes()));
    }
    return results.build();
  }

  private static long bytesOf(ArtifactLayers layers) {
    return ArtifactChecks.bytesOf(layers.missing().stream().map(Missing::layer));
  }
}
