package io.basedisk.qcow2.os;

import io.basedisk.domain.model.FileStatus;
import io.basedisk.qcow2.os.Descriptor.Access;
import java.io.IOException;
import java.nio.file.Path;

/** A change of some bytes of a file that keeps its modification time and permission bits. */
final class LinuxPatch {

  private static final int OWNER_WRITES = 0200;

  private final Path file;
  private final long inode;
  private final LinuxOpener opener;

  /**
   * @param inode expected inode of the file
   */
  LinuxPatch(Path file, long inode, LinuxOpener opener) {
    this.file = file;
    this.inode = inode;
    this.opener = opener;
  }

  /** Makes the change in one write; false, with no change, if the path names another file. */
  boolean write(long position, byte[] bytes) throws IOException {
    Descriptor descriptor;
    try {
      descriptor = opener.openExisting(file, Access.READ_WRITE);
    } catch (SystemCallException e) {
      return switch (e.errno()) {
        case LibC.EACCES -> writeToReadOnly(position, bytes);
        case LibC.EISDIR -> false;
        default -> throw e;
      };
    }
    try (descriptor) {
      return write(descriptor, position, bytes);
    }
  }

  /**
   * Changes an owner's read-only file. The file has write permission only for the instant of
   * opening; the descriptor stays writable after that.
   */
  private boolean writeToReadOnly(long position, byte[] bytes) throws IOException {
    try (Descriptor held = opener.openExisting(file, Access.READ)) {
      FileStatus status = held.status();
      if (!isFile(status)) {
        return false;
      }
      try (Descriptor writable = openWritable(held, status.mode())) {
        return write(writable, position, bytes);
      }
    }
  }

  private Descriptor openWritable(Descriptor held, int mode) throws IOException {
    held.setMode(mode | OWNER_WRITES);
    try {
      return opener.openExisting(file, Access.WRITE);
    } finally {
      held.setMode(mode);
    }
  }

  private boolean write(Descriptor descriptor, long position, byte[] bytes) throws IOException {
    FileStatus status = descriptor.status();
    if (!isFile(status)) {
      return false;
    }
    descriptor.write(bytes, position);
    descriptor.setModifiedAt(status.modifiedAt());
    return true;
  }

  private boolean isFile(FileStatus status) {
    return status.isRegularFile() && status.identity().inode() == inode;
  }

  @Override
  public String toString() {
    return "a change of inode " + inode + " at " + file;
  }
}
