package io.basedisk.qcow2.os;

import io.basedisk.domain.model.FileIdentity;
import java.io.Closeable;
import java.io.IOException;

/**
 * An open regular file or block device, to find out whether other processes use it.
 *
 * <p>A probe counts as a user for every other probe of the same file, also in this process. A query
 * does not keep a process from opening the file; that process waits for an instant at most.
 *
 * <p>Thread-safe. A second close has no effect.
 */
public interface FileProbe extends Closeable {

  /** Whether the file is open elsewhere. */
  enum Answer {
    /** Not open elsewhere. */
    NOT_OPEN,
    /** Open elsewhere. */
    OPEN,
    /** The system can't say. */
    UNKNOWN
  }

  /** {@return the identity of the open file, which is independent of its path} */
  FileIdentity identity();

  /**
   * Takes a shared lock on one byte, without waiting. The lock ends when this probe is closed, not
   * when another probe of the file is.
   *
   * @param position offset of the byte; it need not be within the file
   * @return false if another holder has an exclusive lock on it
   * @throws LocksUnavailableException if the file can't be locked
   */
  boolean tryShare(long position) throws IOException;

  /**
   * Releases this probe's shared lock on one byte, if it has one.
   *
   * @param position offset of the byte; it need not be within the file
   * @throws IOException if a system call fails
   */
  void endShare(long position) throws IOException;

  /**
   * {@return whether another holder has a lock of any kind in a range} Takes no lock.
   *
   * @param position offset of the first byte
   * @param length length of the range in bytes
   * @throws LocksUnavailableException if the file can't be locked
   */
  boolean isLockedElsewhere(long position, long length) throws IOException;

  /**
   * {@return whether the file is open elsewhere: in another process, or in this process other than
   * by this probe}
   *
   * @param usage which uses of the file count
   * @throws IOException if a system call fails
   */
  Answer openedElsewhere(Usage usage) throws IOException;

  /**
   * {@return the processes that have the file open, without this probe} Works after {@link #close}
   * too. This is slow and shows less than {@link #openedElsewhere}, but returns the processes'
   * names.
   *
   * @param usage which uses of the file count
   * @throws IOException if a system call fails
   */
  ProcessesWithFileOpen processesWithFileOpen(Usage usage) throws IOException;
}
