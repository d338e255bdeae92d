package io.basedisk.qcow2.os;

import io.basedisk.domain.model.FileIdentity;
import java.io.Closeable;
import java.io.IOException;

/**
 * A regular file that is open, for reading, in order to learn who else uses it.
 *
 * <p>A probe counts as a user for every other one of the same file, in this process too. What only
 * asks keeps nobody from opening the file: at most it makes them wait for an instant.
 *
 * <p>Safe for many threads. To close it again has no effect.
 */
public interface FileProbe extends Closeable {

  /** Whether somebody else has the file open. */
  enum Answer {
    NOT_OPEN,
    OPEN,
    UNKNOWN
  }

  /** Returns which file it is, whatever has its name by now. */
  FileIdentity identity();

  /**
   * Takes a shared lock on one byte, without waiting. It ends with this probe, and not with any
   * other one of the file.
   *
   * @return false if somebody has locked it exclusively
   * @throws CantBeAskedException if there are no such locks here
   */
  boolean tryShare(long position) throws IOException;

  /** Ends the shared lock on one byte that this probe has, if it has one. */
  void endShare(long position) throws IOException;

  /**
   * Returns whether somebody, other than this probe, has a lock of any kind on a byte of a range.
   * It takes no lock.
   *
   * @throws CantBeAskedException if there are no such locks here
   */
  boolean isLockedElsewhere(long position, long length) throws IOException;

  /**
   * Returns whether the file is open elsewhere: in another process, or in this one by anything but
   * this probe.
   */
  Answer openedElsewhere(Usage usage) throws IOException;

  /**
   * Returns which processes have the file open, but for this probe; also when it is closed. This
   * takes long, and shows less than {@link #openedElsewhere}, but it has the names.
   */
  Openers openers(Usage usage) throws IOException;
}
