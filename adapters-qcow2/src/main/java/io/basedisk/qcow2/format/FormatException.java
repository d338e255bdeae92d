package io.basedisk.qcow2.format;

/**
 * Content that the specification, or one of our limits, does not allow.
 *
 * <p>The message says what is wrong but not in which file. It is checked so that whoever knows the
 * file has to turn it into an {@link io.basedisk.domain.error.InvalidImageException} that names it.
 */
public final class FormatException extends Exception {

  private static final long serialVersionUID = 1L;

  public FormatException(String message) {
    super(message);
  }
}
