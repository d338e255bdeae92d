package io.basedisk.oci.stream;

import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.FileFailures;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An image that goes to another program: qcow2 without a backing file. It must not change while it
 * is read; another length is noticed.
 */
public final class ImageSource {

  private static final int STEP = 1 << 20;

  private final Path file;
  private final long bytes;

  private ImageSource(Path file, long bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  /**
   * {@return an image}
   *
   * @param file its path
   * @throws InvalidImageException if it is no qcow2, or has a backing file
   */
  public static ImageSource of(Path file) {
    Qcow2Header header = Qcow2Header.read(file);
    if (!header.isQcow2()) {
      throw new InvalidImageException(file + ": it is no qcow2 image");
    }
    if (header.hasBackingName()) {
      throw new InvalidImageException(file + ": it has a backing file: flatten it first");
    }
    try {
      return new ImageSource(file, Files.size(file));
    } catch (IOException e) {
      throw FileFailures.of("cannot read", file, e);
    }
  }

  /** {@return its length} */
  public long bytes() {
    return bytes;
  }

  /** {@return the error about an image that changed} */
  public StorageException changed() {
    return new StorageException(file + ": it was changed during the export");
  }

  /**
   * Copies the image.
   *
   * @param target takes the bytes
   * @param progress receives their number
   * @throws IOException if the target can't be written
   * @throws StorageException if the image can't be read, or has another length now
   */
  public void copyTo(OutputStream target, Progress progress) throws IOException {
    byte[] part = new byte[STEP];
    long done = 0;
    try (InputStream content = open()) {
      for (int count = read(content, part); count > 0; count = read(content, part)) {
        done += count;
        if (done > bytes) {
          throw changed();
        }
        target.write(part, 0, count);
        progress.at(done, bytes);
      }
    }
    if (done < bytes) {
      throw changed();
    }
  }

  private InputStream open() {
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw FileFailures.of("cannot read", file, e);
    }
  }

  private int read(InputStream content, byte[] part) {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedOperationException("the reading of " + file + " was interrupted");
    }
    try {
      return content.read(part);
    } catch (IOException e) {
      throw FileFailures.of("cannot read", file, e);
    }
  }
}
