package io.basedisk.domain.transfer;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.base.BaseInspection;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.lineage.Ancestry;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.artifact.Artifact;
import io.basedisk.domain.model.artifact.ChainId;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.model.artifact.PackedLayer;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.ArtifactLayers.Reused;
import java.util.Optional;
import javax.inject.Inject;

/** Finds the layers of an artifact that are bases of the home. Thread-safe. */
final class LayersHere {

  private final BaseDiskStore store;
  private final BaseInspection inspection;

  @Inject
  LayersHere(BaseDiskStore store, BaseInspection inspection) {
    this.store = store;
    this.inspection = inspection;
  }

  /**
   * {@return the lower layers of an artifact that are here, base first: as many as possible} Their
   * files and headers are as they were recorded.
   */
  ImmutableList<Reused> of(Artifact artifact) {
    ImmutableList<ChainId> chainIds = artifact.chainIds();
    for (int count = chainIds.size(); count > 0; count--) {
      ChainId chain = chainIds.get(count - 1);
      ImmutableList<PackedLayer> layers = artifact.layers().subList(0, count);
      for (BaseDisk top : store.read(view -> view.layers().listByChainId(chain))) {
        Optional<ImmutableList<Reused>> found =
            store.<Optional<ImmutableList<Reused>>>read(view -> match(view, top, layers));
        if (found.isPresent() && isIntact(top)) {
          return found.get();
        }
      }
    }
    return ImmutableList.of();
  }

  /** {@return the bases of a chain as layers, if each is the layer at its place} */
  private static Optional<ImmutableList<Reused>> match(
      StoreView view, BaseDisk top, ImmutableList<PackedLayer> layers) {
    ImmutableList<BaseDisk> chain = Ancestry.from(view, top.id()).reverse();
    if (chain.size() != layers.size()) {
      return Optional.empty();
    }
    ImmutableList.Builder<Reused> matching = ImmutableList.builder();
    for (int i = 0; i < chain.size(); i++) {
      Layer layer = layers.get(i).layer();
      if (!isLayer(view, chain.get(i), layer)) {
        return Optional.empty();
      }
      matching.add(new Reused(layer, chain.get(i)));
    }
    return Optional.of(matching.build());
  }

  private static boolean isLayer(StoreView view, BaseDisk base, Layer layer) {
    return base.diskInfo().format() == layer.format()
        && base.diskInfo().sizeBytes() == layer.bytes()
        && base.diskInfo().containerDiskBytes() == layer.virtualSize()
        && view.bases()
            .findFingerprint(base.id())
            .map(BaseFingerprint::digest)
            .equals(Optional.of(layer.digest().hex()));
  }

  private boolean isIntact(BaseDisk top) {
    try {
      inspection.requireIntact(top.id());
      return true;
    } catch (NotFoundException | InvalidImageException unusable) {
      // The doctor finds what is wrong with it.
      return false;
    }
  }
}
