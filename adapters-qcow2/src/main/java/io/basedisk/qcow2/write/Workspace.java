package io.basedisk.qcow2.write;

import io.basedisk.domain.image.Compression;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Buffers and compressor of one thread. */
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
   * {@return a workspace without compression}
   *
   * @param bytes limit of a job's length in bytes
   */
  static Workspace plain(int bytes) {
    return new Workspace(ByteBuffer.allocateDirect(bytes), null, ByteBuffer.allocate(0));
  }

  /** {@return a workspace that compresses clusters of {@code clusterSize} bytes} */
  static Workspace compressing(int bytes, int clusterSize, Compression compression) {
    ClusterEncoder encoder = ClusterEncoder.of(compression);
    return new Workspace(
        ByteBuffer.allocateDirect(bytes),
        encoder,
        ByteBuffer.allocateDirect(bytes + encoder.room(clusterSize)));
  }

  /** {@return the buffer for the guest's bytes} */
  ByteBuffer guest() {
    return guest;
  }

  /** {@return the buffer for compressed clusters, one after the other} */
  ByteBuffer compressed() {
    return compressed;
  }

  /**
   * Compresses a cluster and appends it to {@link #compressed}.
   *
   * @return compressed size in bytes; 0 if the cluster should stay uncompressed
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
