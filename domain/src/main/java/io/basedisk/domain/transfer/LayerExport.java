package io.basedisk.domain.transfer;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.artifact.ChainId;
import io.basedisk.domain.model.artifact.Chunk;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.model.artifact.PackedLayer;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.LayerContent;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.port.Progress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Sends bases as layers. Records what is computed on the way, so that it is computed once: digests,
 * chain ids, and the chunks in which a layer was packed. Thread-safe.
 */
final class LayerExport {

  /** How often a layer is read: for its digest, and to be sent. */
  static final int READS = 2;

  private static final int STEP = 1 << 20;

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;

  @Inject
  LayerExport(BaseDiskStore store, DiskFiles files, DiskImages images) {
    this.store = store;
    this.files = files;
    this.images = images;
  }

  /** Receives the layers in their order. */
  @FunctionalInterface
  interface Sent {

    /**
     * Receives a layer that the place holds now.
     *
     * @param layer the layer
     * @param skipped whether the place held it before
     */
    void on(PackedLayer layer, boolean skipped);
  }

  /**
   * Sends a chain.
   *
   * @param chain the recorded chain, base first, kept and checked by the caller
   * @param box the exported box
   */
  void send(
      ImmutableList<BaseDisk> chain, BoxId box, LayerStore place, Progress progress, Sent sent) {
    long total = 0;
    for (BaseDisk base : chain) {
      total += READS * base.diskInfo().sizeBytes();
    }
    long done = 0;
    ChainId below = null;
    for (BaseDisk base : chain) {
      long bytes = base.diskInfo().sizeBytes();
      Layer layer = layerOf(base, box, part(progress, done, total));
      below = chainId(base, below, layer);
      Progress sending = part(progress, done + bytes, total);
      Optional<PackedLayer> packed = packedBefore(base, layer).filter(place::has);
      sent.on(packed.orElseGet(() -> send(base, layer, place, sending)), packed.isPresent());
      done += READS * bytes;
      progress.at(done, total);
    }
  }

  private static Progress part(Progress progress, long before, long total) {
    return (done, unused) -> progress.at(before + done, total);
  }

  private Layer layerOf(BaseDisk base, BoxId box, Progress progress) {
    Path file = base.diskInfo().basePath();
    long bytes = files.getStatus(file).length();
    if (bytes == 0) {
      throw new InvalidImageException(file + ": is empty, and a layer can't be");
    }
    boolean isSnapshot = base.kind() == BaseDiskKind.SNAPSHOT && base.sourceBoxId().equals(box);
    return new Layer(
        base.diskInfo().format(),
        digestOf(base, progress),
        bytes,
        base.diskInfo().containerDiskBytes(),
        base.kind(),
        isSnapshot ? base.snapshotName().orElse(null) : null,
        base.createdAt());
  }

  // Digests and chain ids.

  private Sha256 digestOf(BaseDisk base, Progress progress) {
    Optional<String> recorded =
        store.read(view -> view.bases().findFingerprint(base.id())).map(BaseFingerprint::digest);
    if (recorded.isPresent()) {
      return new Sha256(recorded.get());
    }
    Path file = base.diskInfo().basePath();
    FileStatus before = files.getStatus(file);
    Sha256 digest = compute(base, progress);
    if (!files.status(file).equals(Optional.of(before))) {
      throw new InvalidImageException(file + ": was changed while it was read");
    }
    store.change(
        tx ->
            tx.bases()
                .putFingerprint(base.id(), new BaseFingerprint(before.modifiedAt(), digest.hex())));
    return digest;
  }

  private Sha256 compute(BaseDisk base, Progress progress) {
    Path file = base.diskInfo().basePath();
    Hasher hasher = Hashing.sha256().newHasher();
    try (LayerContent content = images.openLayer(file, base.diskInfo().format())) {
      ByteBuffer part = ByteBuffer.allocate(STEP);
      for (long at = 0; at < content.length(); at += STEP) {
        InterruptedOperationException.throwIfInterrupted(
            () -> file + ": the reading was interrupted");
        part.clear().limit((int) Math.min(STEP, content.length() - at));
        content.read(at, part);
        hasher.putBytes(part.flip());
        progress.at(Math.min(at + STEP, content.length()), content.length());
      }
    }
    return Sha256.of(hasher.hash());
  }

  private ChainId chainId(BaseDisk base, @Nullable ChainId below, Layer layer) {
    ChainId chain = ChainId.of(below, layer.format(), layer.digest());
    Optional<ChainId> recorded = store.read(view -> view.layers().findChainId(base.id()));
    if (!recorded.equals(Optional.of(chain))) {
      store.change(tx -> tx.layers().putChainId(base.id(), chain));
    }
    return chain;
  }

  // Chunks.

  private Optional<PackedLayer> packedBefore(BaseDisk base, Layer layer) {
    ImmutableList<Chunk> chunks = store.read(view -> view.layers().listChunks(base.id()));
    long bytes = chunks.stream().mapToLong(Chunk::contentBytes).sum();
    return bytes == layer.bytes() ? Optional.of(new PackedLayer(layer, chunks)) : Optional.empty();
  }

  private PackedLayer send(BaseDisk base, Layer layer, LayerStore place, Progress progress) {
    checkSound(base);
    PackedLayer packed;
    try (LayerContent content =
        images.openLayer(base.diskInfo().basePath(), base.diskInfo().format())) {
      packed = place.write(layer, content, progress);
    }
    store.change(tx -> tx.layers().putChunks(base.id(), packed.chunks()));
    return packed;
  }

  /** Refuses an image that an import would refuse. */
  private void checkSound(BaseDisk base) {
    if (base.diskInfo().format() == ImageFormat.RAW) {
      return;
    }
    Path file = base.diskInfo().basePath();
    ImageHeader header = images.readHeader(file);
    if (header.dirty() || header.corrupt()) {
      throw new InvalidImageException(file + ": is marked as dirty or corrupt");
    }
    long errors = images.check(file).errors();
    if (errors > 0) {
      throw new InvalidImageException(file + ": has " + errors + " errors in its tables");
    }
  }
}
