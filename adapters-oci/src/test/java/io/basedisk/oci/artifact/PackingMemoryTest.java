package io.basedisk.oci.artifact;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.artifact.Artifact;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.model.artifact.PackedLayer;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.LayerContent;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.layout.LayoutBlobs;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A layer that is far larger than the heap goes through a layout, in chunks of the usual size. */
class PackingMemoryTest {

  /** Less than one chunk. */
  private static final String HEAP = "-Xmx40m";

  private static final long BYTES = 512L << 20;

  @TempDir Path directory;

  @Test
  void a_layer_that_is_larger_than_the_heap_is_packed_and_unpacked() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                PackingMemoryTest.class.getName(),
                directory.toString())
            .inheritIO()
            .start();

    assertEquals(0, process.waitFor());
  }

  /**
   * Exports and imports a layer of zeros.
   *
   * @param arguments a directory
   */
  public static void main(String[] arguments) {
    Path directory = Path.of(arguments[0]);
    Layer layer =
        new Layer(
            ImageFormat.RAW,
            digestOfZeros(),
            BYTES,
            BYTES,
            BaseDiskKind.CLONE_BASE,
            null,
            Instant.EPOCH);
    try (ArtifactStore store = store(directory)) {
      PackedLayer packed = store.write(layer, new ZeroContent(), Progress.NONE);
      store.publish(
          new Artifact(
              new BoxId("web-1"),
              new ByteSize(BYTES),
              new Platform("amd64", "linux"),
              ImmutableList.of(packed)));
    }
    try (ArtifactStore store = store(directory)) {
      store.read(
          store.artifact().layers().get(0), bytes -> bytes.position(bytes.limit()), Progress.NONE);
    }
  }

  private static ArtifactStore store(Path directory) {
    return ArtifactStore.of(
        new LayoutBlobs(directory.resolve("layout")), "layout", "v1", directory);
  }

  private static Sha256 digestOfZeros() {
    Hasher hasher = Hashing.sha256().newHasher();
    byte[] part = new byte[1 << 20];
    for (long done = 0; done < BYTES; done += part.length) {
      hasher.putBytes(part);
    }
    return Sha256.of(hasher.hash());
  }

  /** Content that needs no memory. */
  private static final class ZeroContent implements LayerContent {
    @Override
    public long length() {
      return BYTES;
    }

    @Override
    public void read(long at, ByteBuffer target) {
      while (target.hasRemaining()) {
        target.put((byte) 0);
      }
    }

    @Override
    public void close() {}
  }
}
