package io.basedisk.domain.error;

import java.nio.file.Path;

/** An image's backing file is not allowed by the caller. It was not opened. */
public final class UnallowedFileException extends InvalidImageException {

  private static final long serialVersionUID = 1L;

  private final String file;

  /**
   * Creates an exception.
   *
   * @param image the image
   * @param file the backing file, as the path to allow
   */
  public UnallowedFileException(Path image, Path file) {
    super(
        image + ": its backing file " + file + " may not be opened", new Remedy.AllowBacking(file));
    this.file = file.toString();
  }

  /** {@return the backing file} */
  public Path file() {
    return Path.of(file);
  }
}
