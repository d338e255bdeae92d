package io.basedisk.qcow2.write;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.basedisk.domain.image.Compression;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/** Compresses clusters, one at a time. */
sealed interface ClusterEncoder extends AutoCloseable {

  /**
   * Compresses what remains of {@code cluster} to {@code target}, whose position moves behind it.
   *
   * @param cluster a direct buffer; its position may move
   * @param target a direct buffer, with at least {@link #room} bytes remaining
   * @return the bytes of the compressed data, less than the cluster's; 0 if it does not become
   *     less: then the position of {@code target} is where it was
   */
  int encode(ByteBuffer cluster, ByteBuffer target);

  /** Returns the bytes that have to be free for the result, from the cluster's size. */
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
   * <p>QEMU deflates with a window of 4 KiB and inflates with one of that size. Java's window is of
   * 32 KiB. That is data which QEMU reads all the same, as zlib looks into its window only for what
   * lies before the output buffer of the call, and QEMU inflates a cluster in one call.
   */
  final class Deflate implements ClusterEncoder {

    private final Deflater deflater;

    Deflate(int level) {
      this.deflater = new Deflater(level, true);
    }

    @Override
    public int encode(ByteBuffer cluster, ByteBuffer target) {
      int most = cluster.remaining() - 1;
      int start = target.position();
      deflater.reset();
      deflater.setInput(cluster);
      deflater.finish();
      ByteBuffer limited = target.slice(start, most);
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
     * With less room than for the worst, a cluster that does not compress would be an exception.
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
