package io.basedisk.qcow2.file;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.FileFailure;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.qcow2.file.Users.InUse;
import io.basedisk.qcow2.file.Users.Unknown;
import io.basedisk.qcow2.file.Users.Unused;
import io.basedisk.qcow2.os.FileProbe;
import io.basedisk.qcow2.os.LocksUnavailableException;
import io.basedisk.qcow2.os.ProcessesWithFileOpen;
import io.basedisk.qcow2.os.Usage;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * A probe of an image that reads and takes QEMU's image locks.
 *
 * <p>QEMU's image locks are shared locks on single bytes: one byte for each permission that a
 * process has, and one for each permission that it does not share. A process first takes its own
 * locks, and then checks for conflicting locks of other processes. A query therefore takes no lock:
 * it could keep QEMU from starting.
 */
final class ImageProbe implements Closeable {

  // The byte that a process locks for each permission that it has, as in QEMU.
  private static final long CONSISTENT_READ = 100;
  private static final long WRITE = 101;
  private static final long RESIZE = 103;

  /** Distance from a permission's byte to the byte for "not shared". */
  private static final long NOT_SHARED = 100;

  private static final long FIRST = CONSISTENT_READ;
  private static final long LENGTH = RESIZE + NOT_SHARED + 1 - FIRST;

  private static final String OPEN = "open";
  private static final String OPEN_FOR_WRITING = "open for writing";
  private static final String NOT_FOR_READERS = "locked against readers, and open";

  private final FileProbe probe;
  private boolean keepsWritersOut;

  ImageProbe(FileProbe probe) {
    this.probe = probe;
  }

  FileIdentity identity() {
    return probe.identity();
  }

  /**
   * Until this is closed, keeps a new QEMU process from locking the image against readers.
   *
   * @return {@link Unused} on success; otherwise the users that prevent it
   */
  Users keepReadersIn() throws IOException {
    try {
      return probe.tryShare(CONSISTENT_READ)
          ? new Unused()
          : named(inUse(NOT_FOR_READERS), Usage.ANY);
    } catch (LocksUnavailableException e) {
      return withoutLocks(NOT_FOR_READERS, e);
    }
  }

  /**
   * Until this is closed, keeps a new QEMU process from writing to the image. It takes a reader's
   * locks: with a writer's locks, no VM could start on an overlay of the image.
   *
   * @return {@link Unused} on success; otherwise the users that prevent it
   */
  Users keepWritersOut() throws IOException {
    keepsWritersOut = true;
    try {
      boolean locked =
          probe.tryShare(CONSISTENT_READ)
              && probe.tryShare(WRITE + NOT_SHARED)
              && probe.tryShare(RESIZE + NOT_SHARED);
      return locked ? new Unused() : named(inUse(NOT_FOR_READERS), Usage.ANY);
    } catch (LocksUnavailableException e) {
      return withoutLocks(OPEN_FOR_WRITING, e);
    }
  }

  /** Releases the locks of {@link #keepWritersOut} that {@link #keepReadersIn} does not need. */
  void letWritersIn() throws IOException {
    if (keepsWritersOut) {
      probe.endShare(WRITE + NOT_SHARED);
      probe.endShare(RESIZE + NOT_SHARED);
      keepsWritersOut = false;
    }
  }

  /**
   * Takes the locks of a QEMU writer, until this is closed. They keep new readers and writers from
   * starting. Call {@link #users} afterwards to find those that started before.
   *
   * @return {@link Unused} on success; otherwise the users that prevent it
   */
  Users lockAsWriter() throws IOException {
    try {
      boolean locked =
          probe.tryShare(CONSISTENT_READ)
              && probe.tryShare(WRITE)
              && probe.tryShare(RESIZE)
              && probe.tryShare(WRITE + NOT_SHARED)
              && probe.tryShare(RESIZE + NOT_SHARED);
      return locked ? new Unused() : inUse(OPEN);
    } catch (LocksUnavailableException e) {
      return withoutLocks(OPEN, e);
    }
  }

  /** {@return the users that lock the image against readers} */
  Users loneReaders() throws IOException {
    try {
      return probe.isLockedElsewhere(CONSISTENT_READ + NOT_SHARED, 1)
          ? named(inUse(NOT_FOR_READERS), Usage.ANY)
          : new Unused();
    } catch (LocksUnavailableException e) {
      return withoutLocks(NOT_FOR_READERS, e);
    }
  }

  /**
   * {@return the users of the image other than this probe, without their processes} {@link #named}
   * adds the processes, and can settle an unknown use.
   */
  Users users(Usage usage) throws IOException {
    String what = whatFor(usage);
    Optional<Unknown> withoutLocks = Optional.empty();
    try {
      if (isLocked(usage)) {
        return inUse(what);
      }
    } catch (LocksUnavailableException e) {
      withoutLocks = Optional.of(withoutLocks(what, e));
    }
    return switch (probe.openedElsewhere(usage)) {
      case OPEN -> inUse(what);
      case NOT_OPEN -> withoutLocks.isPresent() ? withoutLocks.get() : new Unused();
      case UNKNOWN ->
          withoutLocks.orElseGet(
              () -> new Unknown(what, "not every process can be inspected", true));
    };
  }

  private boolean isLocked(Usage usage) throws IOException {
    return switch (usage) {
      case ANY -> probe.isLockedElsewhere(FIRST, LENGTH);
      case WRITING -> probe.isLockedElsewhere(WRITE, 1) || probe.isLockedElsewhere(RESIZE, 1);
    };
  }

  /** Adds the processes that use the image. Works after {@link #close} too. */
  Users named(Users users, Usage usage) throws IOException {
    if (users instanceof Unused) {
      return users;
    }
    ProcessesWithFileOpen found = probe.processesWithFileOpen(usage);
    if (!found.processes().isEmpty()) {
      String what = users instanceof InUse inUse ? inUse.what() : whatFor(usage);
      return new InUse(what, found.processes());
    }
    boolean listed = users instanceof Unknown unknown && unknown.unlessListed();
    return listed && found.complete() ? new Unused() : users;
  }

  private static InUse inUse(String what) {
    return new InUse(what, ImmutableList.of());
  }

  private static Unknown withoutLocks(String what, LocksUnavailableException cause) {
    // The lock's holder may be on another machine, so this machine's process table proves nothing.
    return new Unknown(what, "its locks can't be queried: " + FileFailure.reasonOf(cause), false);
  }

  private static String whatFor(Usage usage) {
    return usage == Usage.WRITING ? OPEN_FOR_WRITING : OPEN;
  }

  @Override
  public void close() throws IOException {
    probe.close();
  }
}
