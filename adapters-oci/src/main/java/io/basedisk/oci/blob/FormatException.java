package io.basedisk.oci.blob;

/**
 * Bytes break a rule of their format. The message is the reason alone. The caller adds the name of
 * the place that the bytes came from.
 */
public final class FormatException extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param reason which rule is broken, in one line
   */
  public FormatException(String reason) {
    super(reason);
  }

  /**
   * Creates an exception.
   *
   * @param reason which rule is broken, in one line
   * @param cause the cause
   */
  public FormatException(String reason, Throwable cause) {
    super(reason, cause);
  }

  /** {@return which rule is broken} */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
