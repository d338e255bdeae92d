package io.basedisk.domain.testing;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.StorageException;
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
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** A store in memory: each layer is one chunk, and is not compressed. */
public final class InMemoryLayerStore implements LayerStore {

  private final Place place;
  private final String name;

  /**
   * Opens a place for a name.
   *
   * @param place the place
   * @param name the name
   */
  public InMemoryLayerStore(Place place, String name) {
    this.place = place;
    this.name = name;
  }

  /** What all stores of one place have. */
  public static final class Place {
    private final Map<String, Artifact> artifacts = new TreeMap<>();
    private final Map<Sha256, byte[]> blobs = new ConcurrentHashMap<>();

    /** Makes an empty place. */
    public Place() {}

    /** Changes a byte of a layer. */
    public void damage(PackedLayer layer) {
      blobs.get(layer.layer().digest())[0] ^= 1;
    }
  }

  @Override
  public ImmutableList<String> list() {
    return ImmutableList.copyOf(place.artifacts.keySet());
  }

  @Override
  public Artifact artifact() {
    Artifact artifact = place.artifacts.get(name);
    if (artifact == null) {
      throw new NotFoundException("there is no \"" + name + "\"");
    }
    return artifact;
  }

  @Override
  public boolean has(PackedLayer layer) {
    return layer.chunks().stream().allMatch(chunk -> place.blobs.containsKey(chunk.blob()));
  }

  @Override
  public PackedLayer write(Layer layer, LayerContent content, Progress progress) {
    throwIfInterrupted();
    if (content.length() != layer.bytes()) {
      throw new InvalidImageException("the content has " + content.length() + " bytes");
    }
    byte[] bytes = new byte[(int) layer.bytes()];
    content.read(0, ByteBuffer.wrap(bytes));
    checkDigest(bytes, layer);
    place.blobs.put(layer.digest(), bytes);
    progress.at(bytes.length, bytes.length);
    return new PackedLayer(
        layer,
        ImmutableList.of(new Chunk(layer.digest(), bytes.length, layer.digest(), bytes.length)));
  }

  @Override
  public Sha256 publish(Artifact artifact) {
    if (!artifact.layers().stream().allMatch(this::has)) {
      throw new StorageException("a layer was not written");
    }
    place.artifacts.put(name, artifact);
    return artifact.chainIds().get(artifact.layers().size() - 1).digest();
  }

  @Override
  public void read(PackedLayer layer, LayerSink sink, Progress progress) {
    throwIfInterrupted();
    byte[] bytes = place.blobs.get(layer.layer().digest());
    if (bytes == null) {
      throw new NotFoundException("the layer is missing");
    }
    checkDigest(bytes, layer.layer());
    sink.write(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    progress.at(bytes.length, bytes.length);
  }

  @Override
  public void close() {}

  private static void checkDigest(byte[] bytes, Layer layer) {
    if (!Sha256.of(Hashing.sha256().hashBytes(bytes)).equals(layer.digest())) {
      throw new InvalidImageException("the content does not have the digest " + layer.digest());
    }
  }

  private static void throwIfInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedOperationException("the transfer was interrupted");
    }
  }
}
