package io.basedisk.qcow2.os;

import com.sun.jna.Memory;
import java.io.IOException;

/** The open-file-description locks and the leases of one descriptor. */
final class LinuxLocks {

  private static final int STRUCT_FLOCK_LENGTH = 32;

  /** Length of a lock to the largest offset. */
  private static final long TO_THE_END = 0;

  private final Descriptor file;

  LinuxLocks(Descriptor file) {
    this.file = file;
  }

  /**
   * Takes an exclusive open-file-description lock on one byte; false if another holder has a lock
   * on it. The lock ends when the descriptor is closed.
   */
  boolean tryLock(long position) throws IOException {
    return setLock(LibC.F_WRLCK, position, 1);
  }

  /** Takes an exclusive lock on all bytes, like {@link #tryLock} on one. */
  boolean tryLockAll() throws IOException {
    return setLock(LibC.F_WRLCK, 0, TO_THE_END);
  }

  /** Takes a shared lock on one byte, like {@link #tryLock} otherwise. */
  boolean tryShare(long position) throws IOException {
    return setLock(LibC.F_RDLCK, position, 1);
  }

  /** Releases the locks that the descriptor holds in a range. */
  void unlock(long position, long length) throws IOException {
    setLock(LibC.F_UNLCK, position, length);
  }

  /** Releases all locks that the descriptor holds. */
  void unlockAll() throws IOException {
    unlock(0, TO_THE_END);
  }

  private boolean setLock(short type, long position, long length) throws IOException {
    try (Memory lock = flock(type, position, length)) {
      file.make(libc -> libc.fcntl(file.number(), LibC.F_OFD_SETLK, lock));
      return true;
    } catch (SystemCallException e) {
      if (e.errno() == LibC.EAGAIN || e.errno() == LibC.EACCES) {
        return false;
      }
      throw e;
    }
  }

  /** {@return whether another holder has a lock in a range} */
  boolean isLockedElsewhere(long position, long length) throws IOException {
    try (Memory lock = flock(LibC.F_WRLCK, position, length)) {
      file.make(libc -> libc.fcntl(file.number(), LibC.F_OFD_GETLK, lock));
      return lock.getShort(0) != LibC.F_UNLCK;
    }
  }

  private static Memory flock(short type, long position, long length) {
    Memory lock = new Memory(STRUCT_FLOCK_LENGTH);
    lock.clear();
    lock.setShort(0, type);
    lock.setShort(2, LibC.SEEK_SET);
    lock.setLong(8, position);
    lock.setLong(16, length);
    return lock;
  }

  /**
   * Takes a lease on the file and gives it back at once; false if the file is open elsewhere in a
   * way that excludes the lease. A process that opens the file in between waits.
   */
  boolean tryLease(short type) throws IOException {
    // The kernel signals the holder of a lease that blocks an open. The default signal, SIGIO,
    // would end this process; SIGURG is ignored.
    file.make(libc -> libc.fcntl(file.number(), LibC.F_SETSIG, LibC.SIGURG));
    if (!setLease(type)) {
      return false;
    }
    // Fails if the kernel has taken the lease away after a timeout.
    setLease(LibC.F_UNLCK);
    return true;
  }

  private boolean setLease(short type) throws IOException {
    try {
      file.make(libc -> libc.fcntl(file.number(), LibC.F_SETLEASE, (int) type));
      return true;
    } catch (SystemCallException e) {
      if (e.errno() == LibC.EAGAIN) {
        return false;
      }
      throw e;
    }
  }
}
