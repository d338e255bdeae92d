package io.basedisk.qcow2.os;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.FileStatus;
import java.io.IOException;
import java.util.Optional;

/**
 * Takes all write permissions of a file, and gives it to another owner. It can be killed after each
 * call and run again. The former owner can read the file at any time. The last call takes write
 * permissions again, because the former owner could restore them until the change of owner.
 */
final class LinuxSeal {

  private static final int OWNER_READS = 0400;
  private static final int GROUP_AND_OTHERS_READ = 0044;
  private static final int WRITE = 0222;

  /** Errors for a process that may not change a file's owner. */
  private static final ImmutableSet<Integer> NOT_TO_BE_GIVEN =
      ImmutableSet.of(LibC.EPERM, LibC.EACCES, LibC.EINVAL, LibC.EOPNOTSUPP);

  /** Errors for a file system without access lists, and for a process that may not set one. */
  private static final ImmutableSet<Integer> WITHOUT_LISTS =
      ImmutableSet.of(LibC.EPERM, LibC.EACCES, LibC.EINVAL, LibC.EOPNOTSUPP);

  private final Descriptor file;
  private final ExtendedAttributes attributes;

  LinuxSeal(Descriptor file) {
    this.file = file;
    this.attributes = new ExtendedAttributes(file);
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
    Optional<byte[]> before = attributes.find(AccessList.ATTRIBUTE);
    // Both classes: whether the former owner is in the file's group is unknown here.
    boolean allRead =
        before.isEmpty() && (status.mode() & GROUP_AND_OTHERS_READ) == GROUP_AND_OTHERS_READ;
    boolean hasEntry = false;
    if ((status.mode() & OWNER_READS) != 0 && !allRead) {
      if (!letRead(status, before)) {
        return; // A new owner would lock out the present one.
      }
      hasEntry = true;
    }
    if (!setOwner(owner) && hasEntry) {
      restore(status.mode(), before);
    }
  }

  /** Adds the owner to the access list; false if the file can't have one. */
  private boolean letRead(FileStatus status, Optional<byte[]> before) throws IOException {
    Optional<AccessList> list =
        before.isPresent()
            ? AccessList.parse(before.get())
            : Optional.of(AccessList.ofMode(status.mode()));
    if (list.isEmpty()) {
      return false;
    }
    try {
      attributes.set(AccessList.ATTRIBUTE, list.get().readableBy(status.owner()).encode());
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

  /** Restores the access list of a file whose owner stays. */
  private void restore(int mode, Optional<byte[]> before) throws IOException {
    if (before.isPresent()) {
      attributes.set(AccessList.ATTRIBUTE, before.get());
      return;
    }
    // The mode first: otherwise the group would have the mask's permissions in between.
    file.setMode(mode & ~WRITE);
    attributes.remove(AccessList.ATTRIBUTE);
  }
}
