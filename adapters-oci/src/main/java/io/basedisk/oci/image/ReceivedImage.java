package io.basedisk.oci.image;

import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.blob.PrivateDirectory;
import java.nio.file.Path;

/**
 * A disk image that was received, in a private directory. Only its magic was checked. The program
 * that opens it must refuse a backing file, a data file and the like, as for each image of unknown
 * origin.
 */
public final class ReceivedImage implements AutoCloseable {

  private final PrivateDirectory directory;
  private final Path file;
  private final ImageFormat format;

  ReceivedImage(PrivateDirectory directory, Path file, ImageFormat format) {
    this.directory = directory;
    this.file = file;
    this.format = format;
  }

  /** Receives a disk to a private directory. */
  @FunctionalInterface
  interface Receiver {
    ReceivedImage receive(PrivateDirectory directory) throws FormatException;
  }

  /**
   * Receives a disk to a new private directory, and removes the directory if that fails.
   *
   * @param parent the directory to create it in
   * @param name name of the place for messages
   * @throws InvalidImageException if what was received is not valid
   */
  static ReceivedImage receive(Path parent, String name, Receiver receiver) {
    PrivateDirectory directory = PrivateDirectory.in(parent);
    boolean isComplete = false;
    try {
      ReceivedImage image = receiver.receive(directory);
      isComplete = true;
      return image;
    } catch (FormatException e) {
      throw new InvalidImageException(name + ": " + e.reason(), e);
    } finally {
      if (!isComplete) {
        directory.close();
      }
    }
  }

  /** {@return the image's file, until this is closed} */
  public Path file() {
    return file;
  }

  /** {@return the image's format} */
  public ImageFormat format() {
    return format;
  }

  /** Removes the image. A second call has no effect. */
  @Override
  public void close() {
    directory.close();
  }
}
