package io.basedisk.domain.model;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.InvalidArgumentException;
import java.nio.file.Path;

/**
 * An image whose content is to be taken in: what it is, and which other files may be opened for it.
 *
 * @param file its absolute path
 * @param format its format, which somebody has to know: it is never guessed
 * @param allowed the files that may be opened if it, or one below it, names them as its backing
 *     file; they may be links
 */
public record ImageSource(Path file, ImageFormat format, ImmutableSet<Path> allowed) {

  /**
   * @throws InvalidArgumentException if the path is not absolute
   */
  public ImageSource {
    if (!file.isAbsolute()) {
      throw new InvalidArgumentException(file + ": the path of an image must be absolute");
    }
  }

  /** Returns a qcow2 image that may name no other file. */
  public static ImageSource qcow2(Path file) {
    return new ImageSource(file, ImageFormat.QCOW2, ImmutableSet.of());
  }

  /** Returns a raw image. */
  public static ImageSource raw(Path file) {
    return new ImageSource(file, ImageFormat.RAW, ImmutableSet.of());
  }

  /** Returns the same image, for which {@code more} may be opened too. */
  public ImageSource allowing(Iterable<Path> more) {
    return new ImageSource(
        file, format, ImmutableSet.<Path>builder().addAll(allowed).addAll(more).build());
  }
}
