package io.basedisk.domain.error;

import java.nio.file.Path;

/**
 * The old path of a home can't be read. The caller must say whether the home was moved or copied.
 */
public final class UnseenOriginalException extends RefusedException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param home current path of the home
   * @param old its old path
   */
  public UnseenOriginalException(Path home, Path old) {
    super(
        home + ": " + old + " can't be seen from here; say whether the home was moved or copied",
        new Remedy.SayMovedOrCopied(old));
  }
}
