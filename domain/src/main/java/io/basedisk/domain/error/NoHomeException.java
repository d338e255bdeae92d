package io.basedisk.domain.error;

import java.nio.file.Path;

/**
 * No home is at the path that was named, and none was made. The path may be mistyped, or the file
 * system that holds the home may not be mounted.
 */
public final class NoHomeException extends NotFoundException {

  private static final long serialVersionUID = 1L;

  private final String home;

  /**
   * @param home the path that was named
   * @param why what was found there, to follow the path in a message: {@code does not exist}
   */
  public NoHomeException(Path home, String why) {
    super("no home here: " + home + " " + why, new Remedy.CheckHome(home));
    this.home = home.toString();
  }

  /** Returns the path that was named. */
  public Path home() {
    return Path.of(home);
  }
}
