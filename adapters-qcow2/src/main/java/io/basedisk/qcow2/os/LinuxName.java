package io.basedisk.qcow2.os;

import io.basedisk.domain.model.FileStatus;
import io.basedisk.qcow2.os.Descriptor.Access;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A name in an open directory. A concurrent change of the directory's path has no effect on it.
 * Each method is one system call, and follows no symbolic link.
 */
final class LinuxName implements Closeable {

  private final SystemCalls calls;
  private final Path path;
  private final byte[] name;
  private final Path directoryPath;
  private final Descriptor directory;
  private final boolean isOwn;

  private LinuxName(
      SystemCalls calls,
      Path path,
      byte[] name,
      Path directoryPath,
      Descriptor directory,
      boolean isOwn) {
    this.calls = calls;
    this.path = path;
    this.name = name;
    this.directoryPath = directoryPath;
    this.directory = directory;
    this.isOwn = isOwn;
  }

  /** Opens the directory of a path. */
  static LinuxName open(SystemCalls calls, Path path) throws IOException {
    byte[] name = nameOf(path);
    Path directoryPath = directoryOf(path);
    Descriptor directory = Descriptor.open(calls, directoryPath, Access.DIRECTORY);
    return new LinuxName(calls, path, name, directoryPath, directory, true);
  }

  /** {@return another name} If its directory has the same path, it shares the open one. */
  LinuxName and(Path other) throws IOException {
    return directoryPath.equals(directoryOf(other))
        ? new LinuxName(calls, other, nameOf(other), directoryPath, directory, false)
        : open(calls, other);
  }

  private static byte[] nameOf(Path path) throws IOException {
    Path name = path.getFileName();
    if (name == null) {
      throw new FileSystemException(path.toString(), null, "it has no name");
    }
    return SystemCalls.bytesOf(name);
  }

  private static Path directoryOf(Path path) {
    return Objects.requireNonNullElse(path.getParent(), Path.of("."));
  }

  Path path() {
    return path;
  }

  Descriptor directory() {
    return directory;
  }

  /** {@return the status of the file with this name} */
  Optional<FileStatus> status() throws IOException {
    return Statx.find(calls, directoryPath, directory.number(), name).map(Statx::status);
  }

  /** Adds a hard link to the file with this name. */
  void link(LinuxName added) throws IOException {
    calls.make(
        added.directoryPath,
        libc -> libc.linkat(directory.number(), name, added.directory.number(), added.name, 0));
  }

  /** Renames the file, and replaces a file with the new name. */
  void rename(LinuxName to) throws IOException {
    calls.make(
        directoryPath,
        libc -> libc.renameat(directory.number(), name, to.directory.number(), to.name));
  }

  /** Renames the file; an error if the new name exists. */
  void renameToNew(LinuxName to) throws IOException {
    calls.make(
        directoryPath,
        libc ->
            libc.renameat2(
                directory.number(), name, to.directory.number(), to.name, LibC.RENAME_NOREPLACE));
  }

  /** Removes the name; false if it does not exist. */
  boolean remove(boolean isDirectory) throws IOException {
    return calls.makeIfThere(
        directoryPath,
        libc -> libc.unlinkat(directory.number(), name, isDirectory ? LibC.AT_REMOVEDIR : 0));
  }

  /** Creates a directory with the permission bits {@code mode}, reduced by the umask. */
  void makeDirectory(int mode) throws IOException {
    calls.make(directoryPath, libc -> libc.mkdirat(directory.number(), name, mode));
  }

  /** Opens the directory with this name. */
  Descriptor openDirectory() throws IOException {
    return Descriptor.openDirectory(calls, path, directory, name);
  }

  @Override
  public void close() throws IOException {
    if (isOwn) {
      directory.close();
    }
  }
}
