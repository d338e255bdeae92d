package io.basedisk.domain.port;

/**
 * Receives the progress of a long operation. Must be quick. An exception that it throws ends the
 * operation, as a failure would. To end an operation, rather interrupt its thread.
 */
@FunctionalInterface
public interface Progress {

  /** Ignores the progress. */
  Progress NONE = (done, total) -> {};

  /**
   * Receives the progress. The operation's thread calls this method from time to time.
   *
   * @param done number of bytes processed so far: of the disk or, in a check, of its file. An
   *     operation on many files counts these instead, and says so
   * @param total number of bytes or files to process in all
   */
  void at(long done, long total);

  /**
   * {@return progress for one pass over the same bytes, scaled to all passes}
   *
   * @param number number of the pass, from 0
   * @param passes how many passes there are
   */
  default Progress pass(int number, int passes) {
    return (done, total) -> at(number * total + done, passes * total);
  }
}
