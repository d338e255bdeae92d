package io.basedisk.domain.error;

import java.nio.file.Path;

/**
 * A part of a home is missing while other parts are there: the file system that holds the part may
 * not be mounted. The home stays as it is: an empty part in its place would make its content look
 * lost.
 */
public final class HomePartMissingException extends StorageException {

  private static final long serialVersionUID = 1L;

  private final String part;

  /**
   * @param home the home
   * @param part the file or directory that is missing
   */
  public HomePartMissingException(Path home, Path part) {
    super(
        "cannot open the home " + home + ": " + part + " is missing",
        new Remedy.MountFileSystem(part),
        null);
    this.part = part.toString();
  }

  /** Returns the file or directory that is missing. */
  public Path part() {
    return Path.of(part);
  }
}
