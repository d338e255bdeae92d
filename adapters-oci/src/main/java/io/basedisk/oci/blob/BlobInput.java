package io.basedisk.oci.blob;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.basedisk.domain.error.FileFailure;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.artifact.Sha256;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a blob and checks it: never more bytes than the blob has, and at the end the digest. A
 * transfer that breaks off is continued. Not thread-safe.
 */
public final class BlobInput implements AutoCloseable {

  /** Limit of transfers that break off, for one blob. */
  private static final int MAX_BREAKS = 8;

  private static final int STEP = 1 << 20;

  private final Blobs blobs;
  private final Blobs.Blob blob;
  private final Hasher hasher = Hashing.sha256().newHasher();

  private @Nullable InputStream stream;
  private long position;
  private long transferStart;
  private int breaks;

  /**
   * Creates an input. The first {@link #read} opens the blob.
   *
   * @param blobs the place that holds the blob
   * @param blob the blob
   */
  public BlobInput(Blobs blobs, Blobs.Blob blob) {
    this.blobs = blobs;
    this.blob = blob;
  }

  /**
   * {@return all bytes of a small blob}
   *
   * @param blobs the place that holds the blob
   * @param blob the blob, of at most {@link Blobs#MAX_MANIFEST_BYTES}
   * @throws FormatException if the blob is too large, or the bytes are others than the digest says
   */
  public static byte[] readAll(Blobs blobs, Blobs.Blob blob) throws FormatException {
    if (blob.bytes() > Blobs.MAX_MANIFEST_BYTES) {
      throw new FormatException(
          "it has " + blob.bytes() + " bytes, the limit is " + Blobs.MAX_MANIFEST_BYTES);
    }
    byte[] bytes = new byte[(int) blob.bytes()];
    try (BlobInput input = new BlobInput(blobs, blob)) {
      int filled = 0;
      while (filled < bytes.length) {
        filled += input.read(bytes, filled, bytes.length - filled);
      }
      input.verify();
    }
    return bytes;
  }

  /**
   * {@return whether a place has all bytes of a blob, and they have its digest}
   *
   * @param blobs the place, which has something under the digest
   * @param blob the blob
   */
  public static boolean isWhole(Blobs blobs, Blobs.Blob blob) {
    byte[] part = new byte[STEP];
    try (BlobInput input = new BlobInput(blobs, blob)) {
      long read = 0;
      while (read < blob.bytes()) {
        read += input.read(part, 0, part.length);
      }
      input.verify();
      return true;
    } catch (FormatException e) {
      return false;
    }
  }

  /** {@return the number of bytes that are still to be read} */
  public long remaining() {
    return blob.bytes() - position;
  }

  /**
   * Reads the next bytes.
   *
   * @param target where to put them
   * @param offset index of the first byte in {@code target}
   * @param length limit of their number, 1 or more
   * @return their number, 1 or more; there must be bytes {@link #remaining}
   * @throws FormatException if the blob ends early
   */
  public int read(byte[] target, int offset, int length) throws FormatException {
    int limit = (int) Math.min(length, remaining());
    while (true) {
      int count = readOnce(target, offset, limit);
      if (count > 0) {
        hasher.putBytes(target, offset, count);
        position += count;
        return count;
      }
    }
  }

  /**
   * Checks that the blob ends here, and that its bytes have its digest. Call it after the last
   * byte.
   *
   * @throws FormatException if not
   */
  public void verify() throws FormatException {
    if (readOnce(new byte[1], 0, 1) > 0) {
      throw new FormatException("it has more than the declared " + blob.bytes() + " bytes");
    }
    Sha256 digest = Sha256.of(hasher.hash());
    if (!digest.equals(blob.digest())) {
      throw new FormatException("its digest is " + digest + ", not " + blob.digest());
    }
  }

  /** Closes the transfer. A second call has no effect. */
  @Override
  public void close() {
    try (InputStream closing = stream) {
      stream = null;
    } catch (IOException e) {
      stream = null; // What was read is checked, or not used.
    }
  }

  /** {@return the number of bytes read; 0 if the transfer broke off, or the blob has ended} */
  private int readOnce(byte[] target, int offset, int length) throws FormatException {
    throwIfInterrupted(null);
    try {
      int count = Math.max(0, open().read(target, offset, length));
      if (count == 0 && remaining() > 0) {
        continueAfter(new FormatException("it ends after " + position + " bytes"));
      }
      return count;
    } catch (IOException e) {
      throwIfInterrupted(e);
      String reason = "cannot read blob " + blob.digest() + ": " + FileFailure.reasonOf(e);
      if (position == transferStart || ++breaks > MAX_BREAKS) {
        throw FileFailure.of(reason, e);
      }
      close();
      return 0;
    }
  }

  /** Lets the next read continue the blob, unless the last transfer brought nothing. */
  private void continueAfter(FormatException end) throws FormatException {
    if (position == transferStart || ++breaks > MAX_BREAKS) {
      throw end;
    }
    close();
  }

  private InputStream open() throws FormatException {
    InputStream opened = stream;
    if (opened == null) {
      transferStart = position;
      try {
        opened = blobs.read(blob, position);
      } catch (NotFoundException e) {
        throw new FormatException("blob " + blob.digest() + " is missing", e);
      }
      stream = opened;
    }
    return opened;
  }

  private void throwIfInterrupted(@Nullable IOException cause) {
    if (Thread.currentThread().isInterrupted()) {
      String message = "the reading of blob " + blob.digest() + " was interrupted";
      throw cause == null
          ? new InterruptedOperationException(message)
          : new InterruptedOperationException(message, cause);
    }
  }
}
