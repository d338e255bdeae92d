package io.basedisk.oci.artifact;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.artifact.Artifact;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.model.artifact.PackedLayer;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.LayerContent;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.port.Progress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.SplittableRandom;

/** Layers and artifacts to try. */
public final class Contents {

  private Contents() {}

  /** Returns bytes: every other 512 of them can be compressed. */
  public static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) ((i >> 9 & 1) == 0 ? i : random.nextInt());
    }
    return bytes;
  }

  /** Returns the digest of bytes. */
  public static Sha256 digest(byte[] bytes) {
    return Sha256.of(Hashing.sha256().hashBytes(bytes));
  }

  /** Returns the layer with that content: a snapshot. */
  public static Layer layer(byte[] bytes) {
    return new Layer(
        ImageFormat.QCOW2,
        digest(bytes),
        bytes.length,
        10L << 30,
        BaseDiskKind.SNAPSHOT,
        new SnapshotName("nightly"),
        Instant.parse("2026-01-02T03:04:05Z"));
  }

  /** Returns content in memory. */
  public static LayerContent content(byte[] bytes) {
    return new LayerContent() {
      @Override
      public long length() {
        return bytes.length;
      }

      @Override
      public void read(long at, ByteBuffer target) {
        target.put(bytes, (int) at, target.remaining());
      }

      @Override
      public void close() {}
    };
  }

  /** Publishes an artifact with one layer for each content, and closes the store. */
  public static Artifact publish(LayerStore store, byte[]... contents) {
    try (store) {
      ImmutableList.Builder<PackedLayer> layers = ImmutableList.builder();
      for (byte[] bytes : contents) {
        layers.add(store.write(layer(bytes), content(bytes), Progress.NONE));
      }
      Artifact artifact =
          new Artifact(
              new BoxId("web-1"),
              ByteSize.parse("10G"),
              new Platform("amd64", "linux"),
              layers.build());
      store.publish(artifact);
      return artifact;
    }
  }
}
