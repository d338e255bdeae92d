package io.basedisk.qcow2.file;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.FileFailure;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.qcow2.file.Users.Nobody;
import io.basedisk.qcow2.file.Users.Somebody;
import io.basedisk.qcow2.file.Users.Unknown;
import io.basedisk.qcow2.os.CantBeAskedException;
import io.basedisk.qcow2.os.FileProbe;
import io.basedisk.qcow2.os.Openers;
import io.basedisk.qcow2.os.Usage;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * A probe of an image, which knows where QEMU keeps its image locks.
 *
 * <p>They are shared locks on single bytes: one for each permission that a user of the image has,
 * and another for each that it does not share with others. A user takes its own, and then looks
 * whether somebody has locked what is not compatible with them. So a lock that is held by somebody
 * who only asks would keep a user from starting, and asking takes none.
 */
final class ImageProbe implements Closeable {

  // The permissions, as QEMU numbers them: the byte that says that somebody has one.
  private static final long CONSISTENT_READ = 100;
  private static final long WRITE = 101;
  private static final long RESIZE = 103;

  /** How far from it the byte is that says that somebody does not share it. */
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
   * Keeps QEMU from starting to forbid others to read the image until this is closed.
   *
   * @return whom this can't be had for; nobody if readers are kept in now
   */
  Users keepReadersIn() throws IOException {
    try {
      return probe.tryShare(CONSISTENT_READ)
          ? new Nobody()
          : named(somebody(NOT_FOR_READERS), Usage.ANY);
    } catch (CantBeAskedException e) {
      return withoutLocks(NOT_FOR_READERS, e);
    }
  }

  /**
   * Keeps QEMU from starting to write to the image until this is closed. Its locks are those of a
   * reader: with those of a writer, a VM could not start on an overlay of the image.
   *
   * @return whom this can't be had for; nobody if writers are kept out now
   */
  Users keepWritersOut() throws IOException {
    keepsWritersOut = true;
    try {
      boolean locked =
          probe.tryShare(CONSISTENT_READ)
              && probe.tryShare(WRITE + NOT_SHARED)
              && probe.tryShare(RESIZE + NOT_SHARED);
      return locked ? new Nobody() : named(somebody(NOT_FOR_READERS), Usage.ANY);
    } catch (CantBeAskedException e) {
      return withoutLocks(OPEN_FOR_WRITING, e);
    }
  }

  /** Ends {@link #keepWritersOut} but for what it has in common with {@link #keepReadersIn}. */
  void letWritersIn() throws IOException {
    if (keepsWritersOut) {
      probe.endShare(WRITE + NOT_SHARED);
      probe.endShare(RESIZE + NOT_SHARED);
      keepsWritersOut = false;
    }
  }

  /**
   * Takes the locks that QEMU takes to write to an image, until this is closed. They keep both
   * readers and writers from starting; whoever has started is to be asked for after that.
   *
   * @return whom this can't be had for; nobody if it is locked now
   */
  Users lockAsWriter() throws IOException {
    try {
      boolean locked =
          probe.tryShare(CONSISTENT_READ)
              && probe.tryShare(WRITE)
              && probe.tryShare(RESIZE)
              && probe.tryShare(WRITE + NOT_SHARED)
              && probe.tryShare(RESIZE + NOT_SHARED);
      return locked ? new Nobody() : somebody(OPEN);
    } catch (CantBeAskedException e) {
      return withoutLocks(OPEN, e);
    }
  }

  /** Returns who reads the image and lets nobody else read it. */
  Users loneReaders() throws IOException {
    try {
      return probe.isLockedElsewhere(CONSISTENT_READ + NOT_SHARED, 1)
          ? named(somebody(NOT_FOR_READERS), Usage.ANY)
          : new Nobody();
    } catch (CantBeAskedException e) {
      return withoutLocks(NOT_FOR_READERS, e);
    }
  }

  /**
   * Returns who uses the image but this probe, without processes. {@link #named} says which, and
   * can answer some of what this leaves unknown.
   */
  Users users(Usage usage) throws IOException {
    String what = whatFor(usage);
    Optional<Unknown> withoutLocks = Optional.empty();
    try {
      if (isLocked(usage)) {
        return somebody(what);
      }
    } catch (CantBeAskedException e) {
      withoutLocks = Optional.of(withoutLocks(what, e));
    }
    return switch (probe.openedElsewhere(usage)) {
      case SOMEBODY -> somebody(what);
      case NOBODY -> withoutLocks.isPresent() ? withoutLocks.get() : new Nobody();
      case CANT_TELL ->
          withoutLocks.orElseGet(() -> new Unknown(what, "not every process can be asked", true));
    };
  }

  private boolean isLocked(Usage usage) throws IOException {
    return switch (usage) {
      case ANY -> probe.isLockedElsewhere(FIRST, LENGTH);
      case WRITING -> probe.isLockedElsewhere(WRITE, 1) || probe.isLockedElsewhere(RESIZE, 1);
    };
  }

  /** Says which processes they are that use the image; also when this is closed. */
  Users named(Users users, Usage usage) throws IOException {
    if (users instanceof Nobody) {
      return users;
    }
    Openers openers = probe.openers(usage);
    if (!openers.processes().isEmpty()) {
      String what = users instanceof Somebody some ? some.what() : whatFor(usage);
      return new Somebody(what, openers.processes());
    }
    boolean settled = users instanceof Unknown unknown && unknown.unlessListed();
    return settled && openers.complete() ? new Nobody() : users;
  }

  private static Somebody somebody(String what) {
    return new Somebody(what, ImmutableList.of());
  }

  private static Unknown withoutLocks(String what, CantBeAskedException cause) {
    // Whoever holds locks may be on another machine, so the processes of this one don't tell.
    return new Unknown(what, "its locks can't be asked: " + FileFailure.reasonOf(cause), false);
  }

  private static String whatFor(Usage usage) {
    return usage == Usage.WRITING ? OPEN_FOR_WRITING : OPEN;
  }

  @Override
  public void close() throws IOException {
    probe.close();
  }
}
