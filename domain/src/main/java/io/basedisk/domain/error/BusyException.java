package io.basedisk.domain.error;

/** Another operation has claimed the box or the disk. */
public final class BusyException extends RefusedException {

  private static final long serialVersionUID = 1L;

  private final long holder;

  /**
   * @param what what is claimed, as it should read in a message: {@code box web-1}
   * @param holder the number of the operation that holds the claim
   */
  public BusyException(String what, long holder) {
    super(
        what + " is busy: operation " + holder + " is under way on it",
        new Remedy.WaitForOperation(holder));
    this.holder = holder;
  }

  /** Returns the number of the operation that holds the claim. */
  public long holder() {
    return holder;
  }
}
