package io.basedisk.domain.error;

import java.nio.file.Path;

/**
 * A directory of the home is empty, although the store records files in it: its file system may not
 * be mounted. A new file there would be hidden by the next mount.
 */
public final class PartAwayException extends RefusedException {

  private static final long serialVersionUID = 1L;

  private final String part;

  /**
   * Creates an exception.
   *
   * @param part the directory
   */
  public PartAwayException(Path part) {
    super(part + ": is empty, and the store records files in it", new Remedy.MountFileSystem(part));
    this.part = part.toString();
  }

  /** {@return the directory} */
  public Path part() {
    return Path.of(part);
  }
}
