package io.basedisk.domain.testing;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.artifact.Artifact;
import io.basedisk.domain.model.artifact.Chunk;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.model.artifact.PackedLayer;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.LayerContent;
import io.basedisk.domain.port.LayerSink;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.port.Progress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A {@link LayerStore} in memory. A packed chunk is its content with one byte before it. */
public final class MemoryLayerStore implements LayerStore {

  private static final int CHUNK = 300_000;

  /** Where artifacts are: what all stores of it see. */
  public static final class Place {

    /** The chunks by their digests. A test may change them. */
    public final Map<Sha256, byte[]> blobs = new HashMap<>();

    /** The published artifacts by their references. */
    public final Map<String, Artifact> artifacts = new TreeMap<>();

    /** The layers that were packed, in their order. */
    public final List<Layer> written = new ArrayList<>();

    /** The layers that were unpacked, in their order. */
    public final List<Layer> read = new ArrayList<>();

    private Consumer<String> beforeStep = step -> {};

    /** Sets what is called before each step; it may throw. */
    public void beforeEachStep(Consumer<String> action) {
      beforeStep = action;
    }

    /** Returns a store of one reference. */
    public MemoryLayerStore open(String reference) {
      return new MemoryLayerStore(this, reference);
    }
  }

  private final Place place;
  private final String reference;

  private MemoryLayerStore(Place place, String reference) {
    this.place = place;
    this.reference = reference;
  }

  @Override
  public ImmutableList<String> list() {
    return ImmutableList.copyOf(place.artifacts.keySet());
  }

  @Override
  public Artifact artifact() {
    Artifact artifact = place.artifacts.get(reference);
    if (artifact == null) {
      throw new NotFoundException("no artifact " + reference);
    }
    return artifact;
  }

  @Override
  public boolean has(PackedLayer layer) {
    return layer.chunks().stream().allMatch(chunk -> place.blobs.containsKey(chunk.blob()));
  }

  @Override
  public PackedLayer write(Layer layer, LayerContent content, Progress progress) {
    step("send layer " + layer.digest());
    byte[] bytes = new byte[Math.toIntExact(content.length())];
    content.read(0, ByteBuffer.wrap(bytes));
    if (bytes.length != layer.bytes() || !digest(bytes).equals(layer.digest())) {
      throw new InvalidImageException("layer " + layer.digest() + " has other content");
    }
    ImmutableList.Builder<Chunk> chunks = ImmutableList.builder();
    for (int at = 0; at < bytes.length; at += CHUNK) {
      int count = Math.min(CHUNK, bytes.length - at);
      byte[] blob = new byte[count + 1];
      System.arraycopy(bytes, at, blob, 1, count);
      place.blobs.put(digest(blob), blob);
      Sha256 plain = Sha256.of(Hashing.sha256().hashBytes(bytes, at, count));
      chunks.add(new Chunk(digest(blob), blob.length, plain, count));
    }
    progress.at(bytes.length, bytes.length);
    place.written.add(layer);
    return new PackedLayer(layer, chunks.build());
  }

  @Override
  public Sha256 publish(Artifact artifact) {
    step("publish " + reference);
    place.artifacts.put(reference, artifact);
    return Sha256.of(Hashing.sha256().hashUnencodedChars(artifact.toString()));
  }

  @Override
  public void read(PackedLayer packed, LayerSink sink, Progress progress) {
    place.read.add(packed.layer());
    for (Chunk chunk : packed.chunks()) {
      step("receive chunk of " + packed.layer().digest());
      byte[] blob = place.blobs.get(chunk.blob());
      if (blob == null || !digest(blob).equals(chunk.blob())) {
        throw new InvalidImageException("chunk " + chunk.blob() + " is missing or has changed");
      }
      sink.write(ByteBuffer.wrap(blob, 1, blob.length - 1));
    }
    progress.at(packed.layer().bytes(), packed.layer().bytes());
  }

  private void step(String step) {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedOperationException(step + ": interrupted");
    }
    place.beforeStep.accept(step);
  }

  private static Sha256 digest(byte[] bytes) {
    return Sha256.of(Hashing.sha256().hashBytes(bytes));
  }

  @Override
  public void close() {}
}
