package io.basedisk.qcow2.operation;

/** Is told how far a long operation is. */
@FunctionalInterface
public interface Progress {

  /** Tells nobody. */
  Progress NONE = (done, total) -> {};

  /**
   * Says how far it is; called by the thread that runs it, now and then.
   *
   * @param done the bytes that are dealt with, of the disk or, in a check, of its file
   * @param total all of them
   */
  void at(long done, long total);

  /** Returns the progress of one of several parts that are equally long, counted from 0. */
  default Progress ofPart(int part, int parts) {
    return (done, total) -> at(part * total + done, parts * total);
  }
}
