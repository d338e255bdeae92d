package io.basedisk.qcow2.format;

/**
 * An image file's content breaks the specification or one of our limits.
 *
 * <p>The message names the defect, but not the file. The exception is checked, so that a caller
 * that knows the file has to turn it into an {@link
 * io.basedisk.domain.error.InvalidImageException}.
 */
public final class FormatException extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception with a reason.
   *
   * @param message the reason, for the user
   */
  public FormatException(String message) {
    super(message);
  }
}
