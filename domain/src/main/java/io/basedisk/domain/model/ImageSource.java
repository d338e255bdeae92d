package io.basedisk.domain.model;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.InvalidArgumentException;
import java.nio.file.Path;

/**
 * An image to import, and the other files that may be opened for it.
 *
 * @param file absolute path of the image
 * @param format format of the image; never guessed from content
 * @param allowed files that may be opened if an image of the chain names them as its backing file;
 *     may be symbolic links
 */
public record ImageSource(Path file, ImageFormat format, ImmutableSet<Path> allowed) {

  /**
   * Checks the values.
   *
   * @param file see {@link #file}
   * @param format see {@link #format}
   * @param allowed see {@link #allowed}
   * @throws InvalidArgumentException if the path is not absolute
   */
  public ImageSource {
    if (!file.isAbsolute()) {
      throw new InvalidArgumentException(file + ": the path of an image must be absolute");
    }
  }

  /**
   * {@return an image for which no other file may be opened}
   *
   * @param file absolute path of the image
   * @param format format of the image
   */
  public static ImageSource alone(Path file, ImageFormat format) {
    return new ImageSource(file, format, ImmutableSet.of());
  }

  /**
   * {@return a qcow2 image for which no other file may be opened}
   *
   * @param file absolute path of the image
   */
  public static ImageSource qcow2(Path file) {
    return alone(file, ImageFormat.QCOW2);
  }

  /**
   * {@return a raw image}
   *
   * @param file absolute path of the image
   */
  public static ImageSource raw(Path file) {
    return alone(file, ImageFormat.RAW);
  }

  /**
   * {@return the same image with more allowed files}
   *
   * @param more the additional files
   */
  public ImageSource allowing(Iterable<Path> more) {
    return new ImageSource(
        file, format, ImmutableSet.<Path>builder().addAll(allowed).addAll(more).build());
  }
}
