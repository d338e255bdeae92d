package io.basedisk.qcow2.operation;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.image.ImageFile;
import java.nio.ByteBuffer;

/** Digest of an image's file that does not depend on the path of its backing file. */
public final class CanonicalDigest {

  private static final int STEP = 1 << 20;

  private CanonicalDigest() {}

  /**
   * {@return the SHA-256 of a qcow2 file's {@link CanonicalContent} in lower-case hexadecimal}
   *
   * @param file the open file to read
   * @param progress receives the progress, in bytes done and in total
   * @throws io.basedisk.domain.error.InvalidImageException if the file is not a valid qcow2 image
   * @throws io.basedisk.domain.error.StorageException if the file can't be read
   * @throws InterruptedOperationException if the thread is interrupted; its interrupt stays pending
   */
  public static String of(ImageFile file, Progress progress) {
    CanonicalContent content = CanonicalContent.ofQcow2(file);
    Hasher hasher = Hashing.sha256().newHasher();
    ByteBuffer part = ByteBuffer.allocate(STEP);
    for (long at = 0; at < file.length(); at += STEP) {
      InterruptedOperationException.throwIfInterrupted(
          () -> file.path() + ": the reading was interrupted");
      part.clear().limit((int) Math.min(STEP, file.length() - at));
      content.read(at, part);
      hasher.putBytes(part.flip());
      progress.at(Math.min(at + STEP, file.length()), file.length());
    }
    return hasher.hash().toString();
  }
}
