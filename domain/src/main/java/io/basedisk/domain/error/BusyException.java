package io.basedisk.domain.error;

/** Another operation is using the box or the disk. */
public final class BusyException extends RefusedException {

  private static final long serialVersionUID = 1L;

  private final long holder;

  /**
   * Creates an exception.
   *
   * @param what the box or disk, as a message names it: {@code box web-1}
   * @param holder number of the operation that uses it
   */
  public BusyException(String what, long holder) {
    super(
        what + " is busy: operation " + holder + " is under way on it",
        new Remedy.WaitForOperation(holder));
    this.holder = holder;
  }

  /** {@return the number of the operation that uses the box or the disk} */
  public long holder() {
    return holder;
  }
}
