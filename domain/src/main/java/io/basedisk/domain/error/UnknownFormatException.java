package io.basedisk.domain.error;

import java.nio.file.Path;

/** The format of a backing file is not in the image's header, and is never guessed. */
public final class UnknownFormatException extends InvalidImageException {

  private static final long serialVersionUID = 1L;

  private final String image;
  private final String backing;

  /**
   * Creates an exception.
   *
   * @param image the image
   * @param backing its backing file
   */
  public UnknownFormatException(Path image, Path backing) {
    super(
        image
            + ": does not say the format of its backing file "
            + backing
            + ", and a format is never guessed",
        new Remedy.SetBackingFormat(image, backing));
    this.image = image.toString();
    this.backing = backing.toString();
  }

  /** {@return the image} */
  public Path image() {
    return Path.of(image);
  }

  /** {@return the backing file} */
  public Path backing() {
    return Path.of(backing);
  }
}
