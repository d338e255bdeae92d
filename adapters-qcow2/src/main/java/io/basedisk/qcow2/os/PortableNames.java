package io.basedisk.qcow2.os;

import static java.util.Objects.requireNonNull;

import io.basedisk.domain.model.FileStatus;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** Changes of names, in pure Java. Each first checks that no other user can swap its files. */
final class PortableNames {

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ALONE_IN_IT =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private PortableNames() {}

  /**
   * Adds a hard link to a regular file; false if the names are on two file systems. Every other
   * failure is an error, because Java does not tell the reasons apart.
   */
  static boolean link(Path existing, Path added) throws IOException {
    UnsharedPaths.require(existing);
    UnsharedPaths.require(added);
    UnixView.requireRegular(existing);
    try {
      Files.createLink(added, existing);
      return true;
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      throw e;
    } catch (FileSystemException e) {
      if (areOnDifferentFileSystems(existing, added)) {
        return false;
      }
      throw e;
    }
  }

  private static boolean areOnDifferentFileSystems(Path existing, Path added) throws IOException {
    Path directory = added.toAbsolutePath().getParent();
    return directory != null && !Files.getFileStore(existing).equals(Files.getFileStore(directory));
  }

  /** Renames a file, also if both names are links to the same file. */
  static void rename(Path from, Path to) throws IOException {
    UnsharedPaths.require(from);
    UnsharedPaths.require(to);
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    removeIfRenameLeftIt(from, to);
  }

  /**
   * Removes the old name if both names were links to the same file: then POSIX lets rename succeed
   * without effect. If both paths lead to the same name, the name stays.
   */
  private static void removeIfRenameLeftIt(Path from, Path to) throws IOException {
    Optional<FileStatus> left = UnixView.find(from);
    if (left.isEmpty() || from.equals(to)) {
      return;
    }
    boolean sameFile =
        UnixView.find(to).map(FileStatus::identity).equals(left.map(FileStatus::identity));
    if (sameFile && left.get().links() > 1 && !mayBeOneName(from, to)) {
      Files.delete(from);
    }
  }

  private static boolean mayBeOneName(Path from, Path to) throws IOException {
    // A file system may ignore case.
    return from.getFileName().toString().equalsIgnoreCase(to.getFileName().toString())
        && Files.isSameFile(directoryOf(from), directoryOf(to));
  }

  private static Path directoryOf(Path path) {
    return requireNonNull(path.toAbsolutePath().getParent(), path + " has no directory");
  }

  /** Removes a name, and returns the status of its file. */
  static Optional<FileStatus> remove(Path path) throws IOException {
    UnsharedPaths.require(path);
    Optional<FileStatus> before = UnixView.find(path);
    return Files.deleteIfExists(path) ? before : Optional.empty();
  }

  /** Creates a directory with exactly these permission bits, whatever the umask. */
  static void createDirectory(Path directory, int mode) throws IOException {
    UnsharedPaths.require(directory);
    Files.createDirectory(directory, OWNER_ALONE_IN_IT);
    try {
      UnixView.setMode(directory, mode);
    } catch (IOException e) {
      Files.delete(directory);
      throw e;
    }
  }
}
