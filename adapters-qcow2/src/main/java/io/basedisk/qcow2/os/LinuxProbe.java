package io.basedisk.qcow2.os;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.FileIdentity;
import java.io.IOException;
import java.util.OptionalInt;

/**
 * A probe that takes open-file-description locks and asks the kernel for leases.
 *
 * <p>The kernel refuses a lease while the file is open elsewhere. This shows every use that this
 * kernel knows, also uses hidden from {@link ProcessTable}: processes of other users and
 * containers, mapped files, and the kernel's own, such as loop devices. Neither shows a process on
 * another machine that has a file of a network file system open. Locks show it, if the file system
 * forwards them.
 */
final class LinuxProbe implements FileProbe {

  private static final ImmutableSet<Integer> NO_SUCH_LOCKS =
      ImmutableSet.of(LibC.EINVAL, LibC.ENOLCK, LibC.ENOSYS, LibC.EOPNOTSUPP);

  /**
   * Errors that mean "no lease possible". They include the errors for a process that is not the
   * file's owner.
   */
  private static final ImmutableSet<Integer> NO_LEASE =
      ImmutableSet.<Integer>builder().addAll(NO_SUCH_LOCKS).add(LibC.EACCES, LibC.EPERM).build();

  /**
   * File systems that also refuse a lease if the server has not delegated the file to this machine.
   */
  private static final ImmutableSet<Long> REFUSING_FOR_OTHER_REASONS =
      ImmutableSet.of(
          LibC.NFS_SUPER_MAGIC, LibC.SMB_SUPER_MAGIC, LibC.CIFS_SUPER_MAGIC, LibC.SMB2_SUPER_MAGIC);

  private final Descriptor descriptor;
  private final LinuxLocks locks;
  private final FileIdentity identity;
  private final ProcessTable processes;
  private volatile boolean hasLocks;
  private volatile boolean closed;

  LinuxProbe(Descriptor descriptor, FileIdentity identity, ProcessTable processes) {
    this.descriptor = descriptor;
    this.locks = new LinuxLocks(descriptor);
    this.identity = identity;
    this.processes = processes;
  }

  @Override
  public FileIdentity identity() {
    return identity;
  }

  @Override
  public boolean tryShare(long position) throws IOException {
    try {
      boolean shared = locks.tryShare(position);
      if (shared) {
        hasLocks = true;
      }
      return shared;
    } catch (SystemCallException e) {
      throw withoutLocks(e);
    }
  }

  @Override
  public void endShare(long position) throws IOException {
    if (hasLocks) {
      locks.unlock(position, 1);
    }
  }

  @Override
  public boolean isLockedElsewhere(long position, long length) throws IOException {
    try {
      return locks.isLockedElsewhere(position, length);
    } catch (SystemCallException e) {
      throw withoutLocks(e);
    }
  }

  private static IOException withoutLocks(SystemCallException failure) {
    return NO_SUCH_LOCKS.contains(failure.errno())
        ? new LocksUnavailableException(failure)
        : failure;
  }

  @Override
  public Answer openedElsewhere(Usage usage) throws IOException {
    try {
      if (locks.tryLease(usage == Usage.WRITING ? LibC.F_RDLCK : LibC.F_WRLCK)) {
        return Answer.NOT_OPEN;
      }
    } catch (SystemCallException e) {
      if (NO_LEASE.contains(e.errno())) {
        return Answer.UNKNOWN;
      }
      throw e;
    }
    return REFUSING_FOR_OTHER_REASONS.contains(descriptor.fileSystemType())
        ? Answer.UNKNOWN
        : Answer.OPEN;
  }

  @Override
  public ProcessesWithFileOpen processesWithFileOpen(Usage usage) throws IOException {
    OptionalInt own = closed ? OptionalInt.empty() : OptionalInt.of(descriptor.number());
    return processes.processesWithFileOpen(identity, usage, own);
  }

  @Override
  public void close() throws IOException {
    closed = true;
    // Unlock explicitly: a child process that another thread is starting has a copy of the
    // descriptor until it calls exec, and the copy would keep the locks.
    try (descriptor) {
      if (hasLocks) {
        hasLocks = false;
        locks.unlockAll();
      }
    }
  }
}
