package io.basedisk.qcow2.write;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.basedisk.domain.image.Compression;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/**
 * Compresses clusters, one at a time.
 *
 * <p>Specification: "Additional fields", {@code compression_type}; "Compressed Clusters
 * Descriptor".
 */
sealed interface ClusterEncoder extends AutoCloseable {

  /**
   * Compresses the remaining bytes of {@code cluster} to {@code target}, and moves the position of
   * {@code target} to the end of the result.
   *
   * @param cluster a direct buffer; its position may move
   * @param target a direct buffer, with at least {@link #room} bytes remaining
   * @return size of the compressed data in bytes; 0 if it would not be smaller than the cluster,
   *     and the position of {@code target} is unchanged
   */
  int encode(ByteBuffer cluster, ByteBuffer target);

  /** {@return the number of bytes that {@link #encode} needs in its target} */
  int room(int clusterSize);

  @Override
  void close();

  static ClusterEncoder of(Compression compression) {
    return switch (compression.type()) {
      case ZLIB -> new Deflate(compression.level());
      case ZSTD -> new Zstandard(compression.level());
    };
  }

  /**
   * Raw deflate: no header, no checksum.
   *
   * <p>Java deflates with a window of 32 KiB, QEMU inflates with one of 4 KiB. QEMU reads the data
   * all the same: it inflates a cluster in one call, and zlib uses the window only for data before
   * the call's output buffer.
   */
  final class Deflate implements ClusterEncoder {

    private final Deflater deflater;

    Deflate(int level) {
      this.deflater = new Deflater(level, true);
    }

    @Override
    public int encode(ByteBuffer cluster, ByteBuffer target) {
      int limit = cluster.remaining() - 1;
      int start = target.position();
      deflater.reset();
      deflater.setInput(cluster);
      deflater.finish();
      ByteBuffer limited = target.slice(start, limit);
      deflater.deflate(limited);
      if (!deflater.finished()) {
        return 0;
      }
      target.position(start + limited.position());
      return limited.position();
    }

    @Override
    public int room(int clusterSize) {
      return clusterSize;
    }

    @Override
    public void close() {
      deflater.end();
    }
  }

  /** One Zstandard frame. */
  final class Zstandard implements ClusterEncoder {

    private final ZstdCompressCtx context = new ZstdCompressCtx();

    Zstandard(int level) {
      context.setLevel(level);
    }

    @Override
    public int encode(ByteBuffer cluster, ByteBuffer target) {
      int start = target.position();
      int size =
          context.compressDirectByteBuffer(
              target, start, target.remaining(), cluster, cluster.position(), cluster.remaining());
      if (size >= cluster.remaining()) {
        return 0;
      }
      target.position(start + size);
      return size;
    }

    /**
     * {@return the worst case: with less room, zstd throws for a cluster that does not compress}
     */
    @Override
    public int room(int clusterSize) {
      return (int) Zstd.compressBound(clusterSize);
    }

    @Override
    public void close() {
      context.close();
    }
  }
}
