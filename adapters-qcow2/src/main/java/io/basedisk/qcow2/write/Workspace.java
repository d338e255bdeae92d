package io.basedisk.qcow2.write;

import io.basedisk.domain.image.Compression;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What a thread needs to itself while it works on a part of a disk. */
final class Workspace implements AutoCloseable {

  private final ByteBuffer guest;
  private final @Nullable ClusterEncoder encoder;
  private final ByteBuffer compressed;

  private Workspace(ByteBuffer guest, @Nullable ClusterEncoder encoder, ByteBuffer compressed) {
    this.guest = guest;
    this.encoder = encoder;
    this.compressed = compressed;
  }

  /**
   * Returns one to write data as it is.
   *
   * @param bytes the most bytes of the disk that are worked on together
   */
  static Workspace plain(int bytes) {
    return new Workspace(ByteBuffer.allocateDirect(bytes), null, ByteBuffer.allocate(0));
  }

  /** Returns one to compress clusters of {@code clusterSize} bytes. */
  static Workspace compressing(int bytes, int clusterSize, Compression compression) {
    ClusterEncoder encoder = ClusterEncoder.of(compression);
    return new Workspace(
        ByteBuffer.allocateDirect(bytes),
        encoder,
        ByteBuffer.allocateDirect(bytes + encoder.room(clusterSize)));
  }

  /** Returns the buffer for bytes of the disk. */
  ByteBuffer guest() {
    return guest;
  }

  /** Returns the buffer for compressed clusters, one behind the other. */
  ByteBuffer compressed() {
    return compressed;
  }

  /**
   * Puts a cluster, compressed, behind those before it into {@link #compressed}.
   *
   * @return its bytes there; 0 if it is to be written as it is
   */
  int compress(ByteBuffer cluster) {
    return encoder == null ? 0 : encoder.encode(cluster, compressed);
  }

  @Override
  public void close() {
    if (encoder != null) {
      encoder.close();
    }
  }
}
