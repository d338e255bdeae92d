package io.basedisk.domain.port;

/** Is told how far a long operation is. It must be quick. */
@FunctionalInterface
public interface Progress {

  /** Tells nobody. */
  Progress NONE = (done, total) -> {};

  /**
   * Says how far it is; called by the thread that runs the operation, now and then.
   *
   * @param done the bytes that are dealt with: of the disk or, in a check, of its file
   * @param total all of them
   */
  void at(long done, long total);

  /**
   * Returns what tells of one of several passes over the same bytes, counted from 0, as one
   * operation to this.
   */
  default Progress pass(int number, int passes) {
    return (done, total) -> at(number * total + done, passes * total);
  }
}
