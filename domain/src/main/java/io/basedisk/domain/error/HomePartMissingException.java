package io.basedisk.domain.error;

import java.nio.file.Path;

/**
 * A file or directory of a home is missing, but other parts exist: its file system may not be
 * mounted. basedisk does not create a new part, because its empty content would look like data
 * loss.
 */
public final class HomePartMissingException extends StorageException {

  private static final long serialVersionUID = 1L;

  private final String part;

  /**
   * Creates an exception.
   *
   * @param home path of the home
   * @param part the missing file or directory
   */
  public HomePartMissingException(Path home, Path part) {
    super(
        "cannot open the home " + home + ": " + part + " is missing",
        new Remedy.MountFileSystem(part),
        null);
    this.part = part.toString();
  }

  /** {@return the missing file or directory} */
  public Path part() {
    return Path.of(part);
  }
}
