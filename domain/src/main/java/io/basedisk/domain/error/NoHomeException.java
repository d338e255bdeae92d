package io.basedisk.domain.error;

import java.nio.file.Path;

/**
 * There is no home at a path, and none was created. The path may be mistyped, or the home's file
 * system may not be mounted.
 */
public final class NoHomeException extends NotFoundException {

  private static final long serialVersionUID = 1L;

  private final String home;

  /**
   * Creates an exception.
   *
   * @param home the path
   * @param why what is at the path, as a clause without its subject: {@code does not exist}
   */
  public NoHomeException(Path home, String why) {
    super("no home here: " + home + " " + why, new Remedy.CheckHome(home));
    this.home = home.toString();
  }

  /** {@return the path} */
  public Path home() {
    return Path.of(home);
  }
}
