package io.basedisk.domain.error;

import java.nio.file.Path;

/** An image does not say which format its backing file has, and a format is never guessed. */
public final class UnknownFormatException extends InvalidImageException {

  private static final long serialVersionUID = 1L;

  private final String image;
  private final String backing;

  /**
   * @param image the image that names the file
   * @param backing the file
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

  /** Returns the image that names the file. */
  public Path image() {
    return Path.of(image);
  }

  /** Returns the file whose format is not known. */
  public Path backing() {
    return Path.of(backing);
  }
}
