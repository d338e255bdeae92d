package io.basedisk.oci.stream;

import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.BlobInput;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FormatException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A blob as a stream. Its last byte comes only after the digest and the size are checked, so that a
 * reader of the whole stream has read the blob.
 */
final class BlobStream extends InputStream {

  private final BlobInput input;
  private final long bytes;
  private final Progress progress;
  private boolean isVerified;

  /** What is wrong with the blob. The gzip decoder takes a first failure for the end. */
  private @Nullable FormatException failure;

  BlobStream(Blobs blobs, Blobs.Blob blob, Progress progress) {
    this.input = new BlobInput(blobs, blob);
    this.bytes = blob.bytes();
    this.progress = progress;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (failure != null) {
      throw new ContentException(failure);
    }
    try {
      int count = input.remaining() == 0 ? -1 : input.read(target, offset, length);
      if (input.remaining() == 0 && !isVerified) {
        isVerified = true;
        input.verify();
      }
      progress.at(bytes - input.remaining(), bytes);
      return count;
    } catch (FormatException e) {
      failure = e;
      throw new ContentException(e);
    }
  }

  /** {@return 1 if there are more bytes: the gzip decoder asks it before a next member} */
  @Override
  public int available() {
    return input.remaining() > 0 ? 1 : 0;
  }

  @Override
  public void close() {
    input.close();
  }
}
