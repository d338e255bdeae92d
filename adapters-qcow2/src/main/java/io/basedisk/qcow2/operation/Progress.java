package io.basedisk.qcow2.operation;

/** Is told how far a long operation is. */
@FunctionalInterface
public interface Progress {

  /** Tells nobody. */
  Progress NONE = (done, total) -> {};

  /**
   * Says how far it is; called by the thread that runs it, now and then.
   *
   * @param done the bytes of the disk that are dealt with
   * @param total the bytes of the whole disk
   */
  void at(long done, long total);
}
