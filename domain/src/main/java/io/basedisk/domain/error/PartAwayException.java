package io.basedisk.domain.error;

import java.nio.file.Path;

/**
 * A directory of the home is empty, and the store records files in it: its file system may not be
 * mounted. What is made there now would be hidden as soon as it is mounted again.
 */
public final class PartAwayException extends RefusedException {

  private static final long serialVersionUID = 1L;

  private final String part;

  /**
   * @param part the directory
   */
  public PartAwayException(Path part) {
    super(part + ": is empty, and the store records files in it", new Remedy.MountFileSystem(part));
    this.part = part.toString();
  }

  /** Returns the directory. */
  public Path part() {
    return Path.of(part);
  }
}
