package io.basedisk.qcow2.image;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.basedisk.domain.image.CompressionType;
import io.basedisk.qcow2.format.FormatException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses clusters, one at a time. Bytes after a cluster's data in its last sector are
 * ignored. Invalid data, and data for less than a cluster, is refused.
 *
 * <p>Specification: "Additional fields", {@code compression_type}; "Compressed Clusters
 * Descriptor".
 */
sealed interface ClusterDecoder extends AutoCloseable {

  /**
   * Decompresses one cluster.
   *
   * @param input the compressed data, from its first byte on
   * @param size number of bytes of {@code input} that may belong to the cluster
   */
  void decode(byte[] input, int size, byte[] cluster) throws FormatException;

  @Override
  void close();

  static ClusterDecoder of(CompressionType type) {
    return switch (type) {
      case ZLIB -> new Deflate();
      case ZSTD -> new Zstandard();
    };
  }

  /** Raw deflate: no header, no checksum. */
  final class Deflate implements ClusterDecoder {

    private final Inflater inflater = new Inflater(true);

    @Override
    public void decode(byte[] input, int size, byte[] cluster) throws FormatException {
      inflater.reset();
      inflater.setInput(input, 0, size);
      int filled = 0;
      try {
        while (filled < cluster.length) {
          int count = inflater.inflate(cluster, filled, cluster.length - filled);
          if (count == 0) {
            throw new FormatException("compressed cluster ends after " + filled + " bytes");
          }
          filled += count;
        }
      } catch (DataFormatException e) {
        throw new FormatException("compressed cluster is not deflated data");
      }
    }

    @Override
    public void close() {
      inflater.end();
    }
  }

  /**
   * Zstandard frames. Each frame is decompressed in one call, so that a hostile frame can't make
   * zstd allocate a large window.
   */
  final class Zstandard implements ClusterDecoder {

    private final ZstdDecompressCtx context = new ZstdDecompressCtx();

    @Override
    public void decode(byte[] input, int size, byte[] cluster) throws FormatException {
      int consumed = 0;
      int filled = 0;
      try {
        while (filled < cluster.length) {
          long frame = Zstd.findFrameCompressedSize(input, consumed, size - consumed);
          if (Zstd.isError(frame)) {
            throw new FormatException("compressed cluster is not zstd data");
          }
          filled +=
              context.decompressByteArray(
                  cluster, filled, cluster.length - filled, input, consumed, (int) frame);
          consumed += (int) frame;
        }
      } catch (ZstdException | IndexOutOfBoundsException e) {
        throw new FormatException("compressed cluster is not zstd data");
      }
    }

    @Override
    public void close() {
      context.close();
    }
  }
}
