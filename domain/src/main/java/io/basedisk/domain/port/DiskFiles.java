package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDescription;
import io.basedisk.domain.model.FileStatus;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * File system operations for the crash protocols. Each method makes one change or answers one
 * question.
 *
 * <p>A path that contains a symbolic link is an error, so a user who owns a directory can't
 * redirect an operation to another directory. Exceptions: {@link #realPath} follows every link, and
 * {@link #status} follows links in the parent directories.
 *
 * <p>{@link #link}, {@link #rename} and {@link #remove} are atomic, as in POSIX. A change becomes
 * durable by {@link #sync}: of the file for its content, owner and mode, of the directory for a
 * name. All paths are absolute.
 *
 * <p>Unless a method says otherwise, a failure is a {@link
 * io.basedisk.domain.error.StorageException} that names the file. The change may have happened or
 * not. Implementations are thread-safe. To implement one, extend {@code DiskFilesContract} in a
 * test.
 */
public interface DiskFiles {

  /** All read and execute permissions, for {@link #limitPermissions}. */
  int READ_ONLY = 0555;

  // Questions.

  /**
   * {@return the real path of an existing file: absolute, no symbolic link, no {@code .} or {@code
   * ..}}
   *
   * @param path absolute path, which may contain links
   * @throws io.basedisk.domain.error.NotFoundException if nothing is there
   * @throws io.basedisk.domain.error.InvalidImageException if the file has no path, for example an
   *     unnamed pipe in {@code /dev/fd}
   */
  Path realPath(Path path);

  /**
   * {@return the type, size, times and owner of a file; empty if {@code path} does not exist}
   *
   * @param path path of the file or directory
   */
  Optional<FileStatus> status(Path path);

  /**
   * Returns what is at a path, as {@link #status} does.
   *
   * @param path path to ask about
   * @return its status
   * @throws NotFoundException if nothing is there
   */
  default FileStatus getStatus(Path path) {
    return status(path).orElseThrow(() -> new NotFoundException(path + ": no such file"));
  }

  /**
   * Returns the bytes that a file occupies.
   *
   * @param file path of the file
   * @return number of bytes; 0 if nothing is there
   */
  default long allocatedBytes(Path file) {
    return status(file).map(FileStatus::allocatedBytes).orElse(0L);
  }

  /**
   * {@return the paths of the entries of a directory, in no particular order}
   *
   * @param directory path of the directory
   */
  ImmutableList<Path> list(Path directory);

  /**
   * {@return the bytes of a small regular file}
   *
   * @param file path of a regular file
   * @param limit maximum length in bytes; a longer file is an error
   * @throws io.basedisk.domain.error.NotFoundException if nothing is there
   */
  byte[] read(Path file, int limit);

  /**
   * {@return the description in a base's extended attribute {@code user.basedisk}; empty if it is
   * missing or unreadable} Do not trust it: the file's owner may have written it.
   *
   * @param file path of the base's file
   */
  Optional<BaseDescription> description(Path file);

  /**
   * {@return the SHA-256 of a regular file's bytes, in lower-case hexadecimal}
   *
   * @param file path of a regular file
   * @param progress receives the bytes of the file
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted;
   *     its interrupt status stays set
   */
  String sha256(Path file, Progress progress);

  /**
   * Makes a regular file durable and returns its status when its modification time is conclusive:
   * every later change of the content gives the file another modification time, after a power cut
   * too. File systems count time in ticks, and two changes in one tick have the same time. If the
   * file has just changed, this method therefore waits for the next tick: usually milliseconds, on
   * some file systems seconds.
   *
   * @param file path of a regular file
   * @return the status of the durable file
   * @throws io.basedisk.domain.error.RefusedException if other programs keep changing the file
   */
  FileStatus settledStatus(Path file);

  // Changes of names.

  /**
   * Adds a hard link.
   *
   * @param existing a regular file
   * @param added its additional name
   * @return false, without a change, if hard links are unsupported, the paths are on different file
   *     systems, or the file has too many links
   * @throws io.basedisk.domain.error.AlreadyExistsException if {@code added} exists
   */
  boolean link(Path existing, Path added);

  /**
   * Renames a file and replaces any file at {@code to}. If both are names of one file, {@code from}
   * is removed, unlike in POSIX.
   *
   * @param from the old path
   * @param to the new path, on the same file system
   */
  void rename(Path from, Path to);

  /**
   * Removes a file's name or an empty directory. No effect if the path does not exist.
   *
   * @param path path of the file or directory
   * @return number of bytes freed: the space of the file's data if this was its last name,
   *     otherwise 0
   */
  long remove(Path path);

  /**
   * Creates a directory in an existing parent.
   *
   * @param directory path of the directory
   * @param mode permission bits, not reduced by the process's umask
   * @throws io.basedisk.domain.error.AlreadyExistsException if {@code directory} exists
   */
  void createDirectory(Path directory, int mode);

  // Changes of content and attributes.

  /**
   * Copies as {@link #copy(Path, Path, Progress)} does, without progress.
   *
   * @param source the file to copy
   * @param target path of the new file
   */
  default void copy(Path source, Path target) {
    copy(source, target, Progress.NONE);
  }

  /**
   * Copies a regular file to a new file, with its attributes as by {@link #copyAttributes}. Holes
   * stay holes. The copy shares blocks where the file system can. On failure, no new file is left.
   *
   * @param source the file to copy
   * @param target path of the new file
   * @param progress receives the bytes of the file
   * @throws io.basedisk.domain.error.AlreadyExistsException if {@code target} exists
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted;
   *     its interrupt status stays set
   */
  void copy(Path source, Path target, Progress progress);

  /**
   * Copies the owner, group, permission bits and extended attributes of a file to another file, and
   * removes all other extended attributes of the target. Attributes in the namespace {@code user.}
   * are not copied, only removed.
   *
   * @param source the file whose attributes are copied
   * @param target the file that receives them
   */
  void copyAttributes(Path source, Path target);

  /**
   * Changes the owner and group of a file. Permission bits stay, except setuid and setgid. Fails if
   * the process lacks the privilege, which usually only root has.
   *
   * @param file path of the file
   * @param owner a numeric user id
   * @param group a numeric group id
   */
  void setOwner(Path file, int owner, int group);

  /**
   * Removes every permission that is not in {@code limit}. Setuid, setgid and sticky bits stay.
   *
   * @param path path of the file or directory
   * @param limit permission bits, 0 to 0777
   */
  void limitPermissions(Path path, int limit);

  /**
   * Protects a base's file from changes by users other than {@code owner} and root. Removes the
   * write permissions and, if the process may, changes the owner. The group stays. A previous owner
   * who could read the file still can: by permission bits, or by an entry in the access control
   * list. If neither is possible, the owner stays. A second call has no further effect.
   *
   * @param file path of the base's file
   * @param owner the numeric user id of the owner of the home
   */
  void seal(Path file, int owner);

  /**
   * Writes a base's description to the extended attribute {@code user.basedisk} of its file and
   * replaces an older one. No effect if the file system does not support the attribute, or the
   * process may not set it.
   *
   * @param file path of the base's file
   * @param description the description
   */
  void describe(Path file, BaseDescription description);

  /**
   * Creates a regular file that all users can read and its owner can write.
   *
   * @param file path of the new file
   * @param content the bytes to write
   * @throws io.basedisk.domain.error.AlreadyExistsException if {@code file} exists
   */
  void write(Path file, byte[] content);

  /**
   * Sets the modification time of a regular file. Use a time that a status on the same file system
   * has shown, so that {@link #status} returns exactly that time until the file changes.
   *
   * @param file path of a regular file
   * @param time the modification time
   */
  void setModifiedAt(Path file, Instant time);

  // Durability.

  /**
   * Makes files and directories durable: a file's content and attributes, a directory's entries.
   * The paths may be on several file systems. After return, all of this survives a power cut.
   *
   * @param paths the files and directories
   */
  void sync(ImmutableList<Path> paths);

  /**
   * Makes one file or directory durable, as {@link #sync(ImmutableList)} does.
   *
   * @param path path of the file or directory
   */
  default void sync(Path path) {
    sync(ImmutableList.of(path));
  }
}
