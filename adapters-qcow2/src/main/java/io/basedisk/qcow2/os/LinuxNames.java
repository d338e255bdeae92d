package io.basedisk.qcow2.os;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.FileStatus.FileType;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Changes of names, and the answers to errors of the system calls. Each change opens the directory
 * first, so that a concurrent change of the path has no effect.
 */
final class LinuxNames {

  private static final int OWNER_ALONE = 0700;

  /** File systems that refuse a hard link with EPERM because they have none. */
  private static final ImmutableSet<Long> WITHOUT_LINKS =
      ImmutableSet.of(LibC.MSDOS_SUPER_MAGIC, LibC.EXFAT_SUPER_MAGIC);

  private final SystemCalls calls;

  LinuxNames(SystemCalls calls) {
    this.calls = calls;
  }

  /** Adds a hard link to a regular file; false if the file system can't. */
  boolean link(Path existing, Path added) throws IOException {
    try (LinuxName from = LinuxName.open(calls, existing);
        LinuxName to = from.and(added)) {
      FileStatus status =
          from.status().orElseThrow(() -> new NoSuchFileException(existing.toString()));
      if (!status.isRegularFile()) {
        throw new FileSystemException(existing.toString(), null, "not a regular file");
      }
      return link(from, to);
    }
  }

  private boolean link(LinuxName from, LinuxName to) throws IOException {
    try {
      from.link(to);
      return true;
    } catch (SystemCallException e) {
      return switch (e.errno()) {
        case LibC.EXDEV, LibC.EOPNOTSUPP, LibC.EMLINK -> false;
        case LibC.EPERM -> refusedForWantOfLinks(from, e);
        case LibC.EEXIST -> throw new FileAlreadyExistsException(to.path().toString());
        default -> throw e;
      };
    }
  }

  /**
   * {@return false if a link was refused because the file system has none}
   *
   * <p>The same error is returned for a file that is immutable or append-only, or that is another
   * user's and protected by {@code fs.protected_hardlinks}. Those cases are errors, because a copy
   * would bypass the owner's decision. Only the type of the file system tells them apart.
   */
  private static boolean refusedForWantOfLinks(LinuxName existing, SystemCallException refusal)
      throws IOException {
    if (WITHOUT_LINKS.contains(existing.directory().fileSystemType())) {
      return false;
    }
    throw refusal;
  }

  /** Renames a file, also if both names are links to the same file. */
  void rename(Path from, Path to) throws IOException {
    try (LinuxName source = LinuxName.open(calls, from);
        LinuxName target = source.and(to)) {
      source.rename(target);
      removeIfRenameLeftIt(source, target);
    } catch (SystemCallException e) {
      throw e.errno() == LibC.EXDEV
          ? new AtomicMoveNotSupportedException(
              from.toString(), to.toString(), "it is on another file system")
          : e;
    }
  }

  /**
   * Removes the old name if both names were links to the same file: then POSIX lets rename succeed
   * without effect. If both paths lead to the same name, the name stays.
   */
  private static void removeIfRenameLeftIt(LinuxName from, LinuxName to) throws IOException {
    Optional<FileStatus> left = from.status();
    if (left.isEmpty() || from.path().equals(to.path())) {
      return;
    }
    boolean sameFile = to.status().map(FileStatus::identity).equals(left.map(FileStatus::identity));
    if (sameFile && left.get().links() > 1 && !mayBeOneName(from, to)) {
      from.remove(false);
    }
  }

  private static boolean mayBeOneName(LinuxName from, LinuxName to) throws IOException {
    // A file system may ignore case.
    return from.path().getFileName().toString().equalsIgnoreCase(to.path().getFileName().toString())
        && from.directory().status().identity().equals(to.directory().status().identity());
  }

  /** Renames to a name that must not exist; false if the file system can't do that in one step. */
  boolean renameToNew(Path existing, Path added) throws IOException {
    try (LinuxName from = LinuxName.open(calls, existing);
        LinuxName to = from.and(added)) {
      from.renameToNew(to);
      return true;
    } catch (SystemCallException e) {
      return switch (e.errno()) {
        case LibC.EEXIST -> throw new FileAlreadyExistsException(added.toString());
        // The file system or a kernel before 3.15 does not support the flag.
        case LibC.EINVAL, LibC.ENOSYS -> false;
        default -> throw e;
      };
    } catch (UnsatisfiedLinkError e) {
      return false; // A C library before 2.28.
    }
  }

  /** Removes a name, and returns the status of its file. */
  Optional<FileStatus> remove(Path path) throws IOException {
    try (LinuxName name = LinuxName.open(calls, path)) {
      Optional<FileStatus> before = name.status();
      if (before.isEmpty()) {
        return before;
      }
      boolean isDirectory = before.get().type() == FileType.DIRECTORY;
      return name.remove(isDirectory) ? before : Optional.empty();
    } catch (SystemCallException e) {
      if (e.errno() == LibC.ENOENT) {
        return Optional.empty(); // The directory does not exist.
      }
      throw e;
    }
  }

  /** Creates a directory with exactly these permission bits, whatever the umask. */
  void createDirectory(Path path, int mode) throws IOException {
    try (LinuxName name = LinuxName.open(calls, path)) {
      try {
        name.makeDirectory(OWNER_ALONE);
      } catch (SystemCallException e) {
        throw e.errno() == LibC.EEXIST ? new FileAlreadyExistsException(path.toString()) : e;
      }
      try (Descriptor made = name.openDirectory()) {
        made.setMode(mode);
      } catch (IOException e) {
        name.remove(true);
        throw e;
      }
    }
  }
}
