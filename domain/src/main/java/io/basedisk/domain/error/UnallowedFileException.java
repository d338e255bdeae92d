package io.basedisk.domain.error;

import java.nio.file.Path;

/** An image names a file that the caller did not allow to be opened; it was not. */
public final class UnallowedFileException extends InvalidImageException {

  private static final long serialVersionUID = 1L;

  private final String file;

  /**
   * @param image the image that names the file
   * @param file the file, as it would have to be allowed
   */
  public UnallowedFileException(Path image, Path file) {
    super(
        image + ": its backing file " + file + " is not one that may be opened",
        new Remedy.AllowBacking(file));
    this.file = file.toString();
  }

  /** Returns the file that was not allowed. */
  public Path file() {
    return Path.of(file);
  }
}
