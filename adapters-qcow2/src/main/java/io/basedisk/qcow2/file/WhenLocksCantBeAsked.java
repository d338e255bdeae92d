package io.basedisk.qcow2.file;

/**
 * What a home does where it can't be told who has a file open: without the calls of Linux, on a
 * file system without locks, or where processes are out of sight that might. What is told is heeded
 * in any case.
 */
public enum WhenLocksCantBeAsked {
  /** The caller sees to it that no VM runs on a disk that is worked on, nor on a base that goes. */
  TRUST_CALLER,
  /** Somebody may: nothing is collected, and no disk is forked, restored or removed. */
  KEEP_EVERYTHING
}
