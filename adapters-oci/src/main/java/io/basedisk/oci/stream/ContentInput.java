package io.basedisk.oci.stream;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FormatException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream that may be compressed with gzip or zstd, and never gives more bytes than a limit.
 * The first bytes tell the compression. Not thread-safe.
 */
public final class ContentInput implements AutoCloseable {

  private static final int STEP = 128 << 10;

  private final InputStream source;
  private final Compression compression;
  private final InputStream content;
  private final long limit;
  private final @Nullable Hasher hasher;
  private long position;

  private ContentInput(
      InputStream source,
      Compression compression,
      InputStream content,
      long limit,
      @Nullable Hasher hasher) {
    this.source = source;
    this.compression = compression;
    this.content = content;
    this.limit = limit;
    this.hasher = hasher;
  }

  /**
   * {@return the content of a blob} Its end comes only if the blob has its digest.
   *
   * @param blobs the place that holds the blob
   * @param blob the blob
   * @param limit limit of the uncompressed bytes
   * @param progress receives the bytes that were read of the blob
   * @throws FormatException if the compressed data is not valid
   */
  public static ContentInput of(Blobs blobs, Blobs.Blob blob, long limit, Progress progress)
      throws FormatException {
    return of(new BlobStream(blobs, blob, progress), limit, null);
  }

  /**
   * {@return the content of a blob, with its digest} As {@link #of(Blobs, Blobs.Blob, long,
   * Progress)}.
   *
   * @param blobs the place that holds the blob
   * @param blob the blob
   * @param limit limit of the uncompressed bytes
   * @param progress receives the bytes that were read of the blob
   * @throws FormatException if the compressed data is not valid
   */
  public static ContentInput hashed(Blobs blobs, Blobs.Blob blob, long limit, Progress progress)
      throws FormatException {
    return of(new BlobStream(blobs, blob, progress), limit, Hashing.sha256().newHasher());
  }

  /**
   * {@return the content of a regular file}
   *
   * @param file the file
   * @param limit limit of the uncompressed bytes
   * @param progress receives the bytes that were read of the file
   * @param links whether to refuse a symbolic link
   * @throws io.basedisk.domain.error.NotFoundException if there is no file
   * @throws io.basedisk.domain.error.InvalidImageException if it is no regular file
   * @throws FormatException if the compressed data is not valid
   */
  public static ContentInput of(Path file, long limit, Progress progress, LinkOption... links)
      throws FormatException {
    return of(FileStream.open(file, progress, links), limit, null);
  }

  private static ContentInput of(InputStream source, long limit, @Nullable Hasher hasher)
      throws FormatException {
    boolean isOpen = false;
    try {
      PushbackInputStream stream = new PushbackInputStream(source, Compression.MAGIC_BYTES);
      byte[] head = stream.readNBytes(Compression.MAGIC_BYTES);
      stream.unread(head);
      Compression compression = Compression.of(head);
      ContentInput input =
          new ContentInput(source, compression, compression.decompress(stream), limit, hasher);
      isOpen = true;
      return input;
    } catch (IOException e) {
      throw reasonOf(e);
    } finally {
      if (!isOpen) {
        closeQuietly(source);
      }
    }
  }

  /** {@return how the stream is compressed} */
  public Compression compression() {
    return compression;
  }

  /** {@return the number of uncompressed bytes that were read} */
  public long position() {
    return position;
  }

  /**
   * Reads the next bytes.
   *
   * @param target where to put them
   * @param offset index of the first byte in {@code target}
   * @param length limit of their number, 1 or more
   * @return their number, 1 or more; -1 at the end
   * @throws FormatException if the compressed data is not valid, or there is more than the limit
   */
  public int read(byte[] target, int offset, int length) throws FormatException {
    int count;
    try {
      do {
        count = content.read(target, offset, length);
      } while (count == 0);
    } catch (IOException e) {
      throw reasonOf(e);
    }
    position += Math.max(count, 0);
    if (position > limit) {
      throw new FormatException("it has more than " + limit + " bytes, the limit");
    }
    if (hasher != null && count > 0) {
      hasher.putBytes(target, offset, count);
    }
    return count;
  }

  /**
   * {@return the digest of the uncompressed bytes} Call it once, at the end of {@link #hashed}
   * content.
   */
  public Sha256 digest() {
    return Sha256.of(checkNotNull(hasher).hash());
  }

  /**
   * {@return the next bytes}
   *
   * @param length their number, which fits in memory
   * @throws FormatException as {@link #read}, and if there are fewer
   */
  public byte[] readBytes(int length) throws FormatException {
    byte[] bytes = new byte[length];
    int filled = 0;
    while (filled < length) {
      int count = read(bytes, filled, length - filled);
      if (count < 0) {
        throw cutOff();
      }
      filled += count;
    }
    return bytes;
  }

  /**
   * Reads bytes, and gives them to a sink.
   *
   * @param length their number, 0 or more
   * @param sink takes them
   * @throws FormatException as {@link #read}, and if there are fewer
   */
  public void copy(long length, ContentSink sink) throws FormatException {
    byte[] part = new byte[(int) Math.min(STEP, Math.max(1, length))];
    long left = length;
    while (left > 0) {
      int count = read(part, 0, (int) Math.min(part.length, left));
      if (count < 0) {
        throw cutOff();
      }
      sink.write(part, count);
      left -= count;
    }
  }

  /**
   * Reads all bytes that are left, and gives them to a sink.
   *
   * @param sink takes them
   * @throws FormatException as {@link #read}
   */
  public void copyRest(ContentSink sink) throws FormatException {
    byte[] part = new byte[STEP];
    for (int count = read(part, 0, STEP); count >= 0; count = read(part, 0, STEP)) {
      sink.write(part, count);
    }
    drain(part);
  }

  /** A decompressor may stop before the end of the source, whose digest is checked there. */
  private void drain(byte[] part) throws FormatException {
    try {
      while (source.read(part, 0, part.length) >= 0) {
        // The bytes after the end mean nothing.
      }
    } catch (IOException e) {
      throw reasonOf(e);
    }
  }

  @Override
  public void close() {
    closeQuietly(content);
    closeQuietly(source);
  }

  private static FormatException cutOff() {
    return new FormatException("it is cut off: its end is missing");
  }

  /** The sources have no I/O errors of their own: what is left is wrong content. */
  private static FormatException reasonOf(IOException failure) {
    if (failure instanceof ContentException content) {
      return content.reason();
    }
    if (failure instanceof EOFException) {
      return new FormatException("its compressed data is cut off", failure);
    }
    return new FormatException(
        "its compressed data is not valid: " + failure.getMessage(), failure);
  }

  private static void closeQuietly(InputStream stream) {
    try {
      stream.close();
    } catch (IOException e) {
      // What was read is checked, or not used.
    }
  }
}
