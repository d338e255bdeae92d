package io.basedisk.qcow2.os;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.FileStatus;
import java.io.IOException;
import java.util.Optional;

/**
 * The end of all writing to a file, but by its new owner and root. It can be killed after each of
 * its calls and begun again: the former owner can read the file at any time, and the last call
 * takes the write permissions that the former owner may have given back before the file was another
 * user's.
 */
final class LinuxSeal {

  private static final int OWNER_READS = 0400;
  private static final int GROUP_AND_OTHERS_READ = 0044;
  private static final int WRITE = 0222;

  /** What is said to a process that may not give a file away. */
  private static final ImmutableSet<Integer> NOT_TO_BE_GIVEN =
      ImmutableSet.of(LibC.EPERM, LibC.EACCES, LibC.EINVAL, LibC.EOPNOTSUPP);

  /** What is said where there are no access lists, or to a process that may not set one. */
  private static final ImmutableSet<Integer> WITHOUT_LISTS =
      ImmutableSet.of(LibC.EPERM, LibC.EACCES, LibC.EINVAL, LibC.EOPNOTSUPP);

  private final Descriptor file;

  LinuxSeal(Descriptor file) {
    this.file = file;
  }

  void apply(int owner) throws IOException {
    FileStatus status = file.status();
    if (status.owner() != owner) {
      giveTo(owner, status);
      status = file.status();
    }
    if ((status.mode() & WRITE) != 0) {
      file.setMode(status.mode() & ~WRITE);
    }
  }

  private void giveTo(int owner, FileStatus status) throws IOException {
    Optional<byte[]> before = file.attribute(AccessList.ATTRIBUTE);
    // Both, as it can't be told from here to which of the two the former owner belongs.
    boolean allRead =
        before.isEmpty() && (status.mode() & GROUP_AND_OTHERS_READ) == GROUP_AND_OTHERS_READ;
    boolean hasEntry = false;
    if ((status.mode() & OWNER_READS) != 0 && !allRead) {
      if (!letRead(status, before)) {
        return; // Another owner would keep the present one out.
      }
      hasEntry = true;
    }
    if (!setOwner(owner) && hasEntry) {
      restore(status.mode(), before);
    }
  }

  /** Gives the owner an entry in the access list; false if there can be none. */
  private boolean letRead(FileStatus status, Optional<byte[]> before) throws IOException {
    Optional<AccessList> list =
        before.isPresent()
            ? AccessList.parse(before.get())
            : Optional.of(AccessList.ofMode(status.mode()));
    if (list.isEmpty()) {
      return false;
    }
    try {
      file.setAttribute(AccessList.ATTRIBUTE, list.get().readableBy(status.owner()).encode());
      return true;
    } catch (SystemCallException e) {
      if (WITHOUT_LISTS.contains(e.errno())) {
        return false;
      }
      throw e;
    }
  }

  private boolean setOwner(int owner) throws IOException {
    try {
      file.setOwner(owner);
      return true;
    } catch (SystemCallException e) {
      if (NOT_TO_BE_GIVEN.contains(e.errno())) {
        return false;
      }
      throw e;
    }
  }

  /** Puts the access list back, of a file that stays its owner's. */
  private void restore(int mode, Optional<byte[]> before) throws IOException {
    if (before.isPresent()) {
      file.setAttribute(AccessList.ATTRIBUTE, before.get());
      return;
    }
    // First, as the group would have what the mask allows in between.
    file.setMode(mode & ~WRITE);
    file.removeAttribute(AccessList.ATTRIBUTE);
  }
}
