package io.basedisk.oci.stream;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.oci.blob.FileFailures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A new file that takes content in order, and its digest. Blocks of zeros become holes, so that the
 * file needs no more space than the content has data. Not thread-safe.
 */
public final class SpoolFile implements ContentSink, AutoCloseable {

  /** Zeros of this many bytes become a hole: a block of most file systems. */
  private static final int BLOCK = 4096;

  private final Path file;
  private final FileChannel channel;
  private final Hasher hasher = Hashing.sha256().newHasher();
  private long length;
  private long written;

  private SpoolFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * {@return a new, empty file}
   *
   * @param file its path, where nothing is, in a directory that other users can't enter
   */
  public static SpoolFile create(Path file) {
    try {
      return new SpoolFile(
          file, FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw FileFailures.of("cannot create", file, e);
    }
  }

  @Override
  public void write(byte[] bytes, int count) {
    hasher.putBytes(bytes, 0, count);
    int start = 0;
    for (int at = 0; at < count; at += BLOCK) {
      int end = Math.min(at + BLOCK, count);
      if (isZero(bytes, at, end)) {
        put(bytes, start, at);
        start = end;
      }
    }
    put(bytes, start, count);
    length += count;
  }

  /** Writes bytes of a part that begins at the current length. */
  private void put(byte[] bytes, int start, int end) {
    if (start >= end) {
      return;
    }
    ByteBuffer data = ByteBuffer.wrap(bytes, start, end - start);
    try {
      while (data.hasRemaining()) {
        channel.write(data, length + data.position());
      }
      written = length + end;
    } catch (IOException e) {
      throw FileFailures.of("cannot write", file, e);
    }
  }

  private static boolean isZero(byte[] bytes, int start, int end) {
    for (int i = start; i < end; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** {@return the number of bytes that were taken} */
  public long length() {
    return length;
  }

  /**
   * Gives the file its length.
   *
   * @return the digest of its content
   */
  public Sha256 complete() {
    if (written < length) {
      // Only a write makes a file longer.
      try {
        channel.write(ByteBuffer.allocate(1), length - 1);
      } catch (IOException e) {
        throw FileFailures.of("cannot write", file, e);
      }
    }
    return Sha256.of(hasher.hash());
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw FileFailures.of("cannot close", file, e);
    }
  }
}
