package io.basedisk.oci.stream;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** How a stream is compressed. Its first bytes tell. */
public enum Compression {
  /** Not at all. */
  NONE,
  /** RFC 1952, of one or more members. */
  GZIP,
  /** RFC 8878, of one or more frames. */
  ZSTD,
  /** The format of xz, which is not supported. */
  XZ;

  /** Number of bytes that tell. */
  static final int MAGIC_BYTES = 6;

  /** 128 MiB: what the program zstd accepts without an option. */
  private static final int MAX_WINDOW_LOG = 27;

  private static final int BUFFER = 64 << 10;
  private static final byte[] GZIP_MAGIC = {0x1F, (byte) 0x8B};
  private static final byte[] ZSTD_MAGIC = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD};
  private static final byte[] XZ_MAGIC = {(byte) 0xFD, '7', 'z', 'X', 'Z', 0};

  static Compression of(byte[] head) {
    if (startsWith(head, GZIP_MAGIC)) {
      return GZIP;
    }
    if (startsWith(head, XZ_MAGIC)) {
      return XZ;
    }
    return startsWith(head, ZSTD_MAGIC) ? ZSTD : NONE;
  }

  private static boolean startsWith(byte[] head, byte[] magic) {
    return head.length >= magic.length
        && Arrays.equals(magic, 0, magic.length, head, 0, magic.length);
  }

  InputStream decompress(InputStream compressed) throws IOException {
    return switch (this) {
      case NONE -> compressed;
      case GZIP -> new GZIPInputStream(compressed, BUFFER);
      case ZSTD -> new ZstdInputStreamNoFinalizer(compressed).setLongMax(MAX_WINDOW_LOG);
      case XZ -> throw new IOException("xz is not supported: compress it with zstd");
    };
  }
}
