package io.basedisk.domain.error;

import java.nio.file.Path;

/**
 * The path where a home was can't be seen, so it is not known whether the home was moved or is a
 * copy: the caller has to say so.
 */
public final class UnseenOriginalException extends RefusedException {

  private static final long serialVersionUID = 1L;

  /**
   * @param home where the home is now
   * @param old where it was
   */
  public UnseenOriginalException(Path home, Path old) {
    super(
        home + ": " + old + " can't be seen from here; say whether the home was moved or copied",
        new Remedy.SayMovedOrCopied(old));
  }
}
