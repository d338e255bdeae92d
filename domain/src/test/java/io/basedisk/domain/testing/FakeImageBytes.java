package io.basedisk.domain.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.ImageHeader;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The canonical content of a {@link FakeImage} as bytes, as many as the file of the image has. What
 * is behind the image's own bytes is zeros.
 */
final class FakeImageBytes {

  private static final byte[] MAGIC = "fake image\n".getBytes(UTF_8);

  /** An image is digested again and again while it is explored. */
  private static final LoadingCache<FakeImage, String> DIGESTS =
      CacheBuilder.newBuilder()
          .weakKeys()
          .build(CacheLoader.from(image -> Hashing.sha256().hashBytes(of(image)).toString()));

  private FakeImageBytes() {}

  /** Returns the digest of the canonical content. */
  static String digest(FakeImage image) {
    return DIGESTS.getUnchecked(image);
  }

  /** Returns the canonical content. */
  static byte[] of(FakeImage image) {
    ImageHeader header = image.header();
    BackingFile backing = header.backing();
    ByteArrayDataOutput out = ByteStreams.newDataOutput();
    out.write(MAGIC);
    out.writeInt(header.version());
    out.writeLong(header.virtualSize());
    out.writeBoolean(backing != null);
    out.writeUTF(backing == null || backing.format() == null ? "" : backing.format());
    out.writeBoolean(header.dirty());
    out.writeBoolean(header.corrupt());
    out.writeInt(header.internalSnapshots());
    out.writeInt(header.persistentBitmaps());
    out.writeInt(image.clusters().size());
    new TreeMap<>(image.clusters())
        .forEach(
            (cluster, value) -> {
              out.writeLong(cluster);
              out.writeUTF(value);
            });
    return Arrays.copyOf(out.toByteArray(), Math.toIntExact(image.length()));
  }

  /** Returns the image with a content; empty if there is none. */
  static Optional<FakeImage> parse(byte[] bytes) {
    if (!Arrays.equals(Arrays.copyOf(bytes, MAGIC.length), MAGIC)) {
      return Optional.empty();
    }
    ByteArrayDataInput in = ByteStreams.newDataInput(bytes, MAGIC.length);
    int version = in.readInt();
    long virtualSize = in.readLong();
    boolean hasBacking = in.readBoolean();
    String format = in.readUTF();
    BackingFile backing = hasBacking ? new BackingFile("", format.isEmpty() ? null : format) : null;
    ImageHeader header =
        new ImageHeader(
            version,
            virtualSize,
            backing,
            in.readBoolean(),
            in.readBoolean(),
            in.readInt(),
            in.readInt());
    ImmutableMap.Builder<Long, String> clusters = ImmutableMap.builder();
    for (int i = in.readInt(); i > 0; i--) {
      clusters.put(in.readLong(), in.readUTF());
    }
    FakeImage image = new FakeImage(header, clusters.buildOrThrow());
    return image.length() == bytes.length ? Optional.of(image) : Optional.empty();
  }
}
