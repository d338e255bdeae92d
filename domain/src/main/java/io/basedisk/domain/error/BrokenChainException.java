package io.basedisk.domain.error;

/** A backing chain can't be followed to its end. */
public final class BrokenChainException extends InvalidImageException {

  private static final long serialVersionUID = 1L;

  /** What is wrong with the chain. */
  public enum Break {
    /** A backing file is missing. */
    MISSING,
    /** A file backs onto itself, directly or through other files. */
    CYCLE
  }

  private final Break kind;

  /**
   * Creates an exception.
   *
   * @param kind what is wrong with the chain
   * @param message what failed and why, in one line
   */
  public BrokenChainException(Break kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** {@return what is wrong with the chain} */
  public Break kind() {
    return kind;
  }
}
