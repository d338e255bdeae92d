package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDescription;
import io.basedisk.domain.model.FileStatus;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The single steps that the crash protocols are made of: each is one change of the file system, or
 * one question to it.
 *
 * <p>No step follows a symbolic link, neither at the end of a path nor on the way: a path with one
 * is an error, but for {@link #realPath} and {@link #status}, which follow those on the way. So a
 * user who owns a directory can't lead a step into another one by a link.
 *
 * <p>A change is atomic where POSIX makes it so ({@link #link}, {@link #rename}, {@link #remove})
 * and durable only after {@link #sync} of what it changed: the file for content, owner and mode;
 * the directory for names. All paths are absolute.
 *
 * <p>Unless a method says otherwise, a failure is a {@link
 * io.basedisk.domain.error.StorageException} that names the file, and the step has then either
 * happened or not. Implementations are safe for many threads. To implement one, extend {@code
 * DiskFilesContract} in a test.
 */
public interface DiskFiles {

  /** The permissions without those to write, for {@link #limitPermissions}. */
  int READ_ONLY = 0555;

  // Questions.

  /**
   * Returns the real path of an existing file: absolute, no symbolic link, no {@code .} or {@code
   * ..}.
   *
   * @throws io.basedisk.domain.error.NotFoundException if nothing is there
   * @throws io.basedisk.domain.error.InvalidImageException if the file has no path of its own, such
   *     as a pipe without a name that {@code /dev/fd} leads to
   */
  Path realPath(Path path);

  /** Returns what the file system says of {@code path}, or empty if nothing is there. */
  Optional<FileStatus> status(Path path);

  /**
   * Returns what is at a path, as {@link #status} does.
   *
   * @throws io.basedisk.domain.error.NotFoundException if nothing is there
   */
  default FileStatus getStatus(Path path) {
    return status(path).orElseThrow(() -> new NotFoundException(path + ": no such file"));
  }

  /** Returns the bytes that a file occupies; 0 if nothing is there. */
  default long allocatedBytes(Path file) {
    return status(file).map(FileStatus::allocatedBytes).orElse(0L);
  }

  /** Returns the paths of what is directly in {@code directory}, in no particular order. */
  ImmutableList<Path> list(Path directory);

  /**
   * Returns the bytes of a small regular file.
   *
   * @param limit how long it may be, in bytes
   * @throws io.basedisk.domain.error.NotFoundException if nothing is there
   */
  byte[] read(Path file, int limit);

  /**
   * Returns what a base's file says of itself, or empty if it says nothing that can be read. Any
   * owner of the file may have written that.
   */
  Optional<BaseDescription> description(Path file);

  /** Returns the SHA-256 of a regular file's bytes, in lower-case hexadecimal. */
  String digest(Path file);

  /**
   * Makes a regular file durable and returns its status, once any later change of its content is
   * sure to give it another modification time, after a power cut too. File systems count time in
   * ticks, and a change within the tick of the one before does not tell: so this waits where the
   * file was changed just now, mostly for an instant, where ticks are long for some seconds.
   *
   * @throws io.basedisk.domain.error.RefusedException if the file is changed again and again
   */
  FileStatus settledStatus(Path file);

  // Changes of names.

  /**
   * Gives the regular file {@code existing} the additional name {@code added}.
   *
   * @return false, and nothing has changed, if the file system can't: the two are on different file
   *     systems, it has no hard links, or the file has too many
   * @throws io.basedisk.domain.error.AlreadyExistsException if {@code added} exists
   */
  boolean link(Path existing, Path added);

  /**
   * Gives the file {@code from} the name {@code to} instead, replacing a file of that name. If that
   * is the same file, it loses the name {@code from} all the same.
   */
  void rename(Path from, Path to);

  /**
   * Removes a name: a file's, or an empty directory's. No effect if nothing is there.
   *
   * @return the bytes that this freed: those that the file's data occupied if it was its last name,
   *     else 0
   */
  long remove(Path path);

  /**
   * Makes a directory, whose parent must exist.
   *
   * @param mode its permission bits, whatever the process's file mode creation mask
   * @throws io.basedisk.domain.error.AlreadyExistsException if {@code directory} exists
   */
  void createDirectory(Path directory, int mode);

  // Changes of content and attributes.

  /**
   * Copies a regular file's content, its holes kept or its blocks shared, to a new file with its
   * owner, group, mode and extended attributes, as {@link #copyAttributes} does.
   *
   * @throws io.basedisk.domain.error.AlreadyExistsException if {@code target} exists
   */
  void copy(Path source, Path target);

  /**
   * Gives {@code target} the owner, group, permission bits and extended attributes of {@code
   * source}, and takes away those that this has not, or fails. Attributes of the name space {@code
   * user.} are no part of this: {@code target} has none afterwards.
   */
  void copyAttributes(Path source, Path target);

  /**
   * Gives a file to another user and group; its permission bits stay, but for setuid and setgid. A
   * process that is not root mostly may not, which is an error.
   *
   * @param owner a numeric user id
   * @param group a numeric group id
   */
  void setOwner(Path file, int owner, int group);

  /**
   * Takes from a file or directory every permission beyond {@code most}; setuid, setgid and sticky
   * bits stay.
   *
   * @param most permission bits, 0 to 0777
   */
  void limitPermissions(Path path, int most);

  /**
   * Makes a base's file immutable for all users but {@code owner} and root: takes its write
   * permissions and, where this process may, gives it to {@code owner}. Its group stays, and the
   * user who owned it can still read it if that user could: by the permission bits, or else by an
   * entry in its access control list. Where neither is possible the owner stays. It can be
   * repeated.
   *
   * @param owner the numeric user id of the owner of the home
   */
  void seal(Path file, int owner);

  /**
   * Writes into a base's file what it is: in the extended attribute {@code user.basedisk}, in place
   * of anything that was there. No effect where the file system has no such attributes or lets this
   * process set none.
   */
  void describe(Path file, BaseDescription description);

  /**
   * Makes a regular file of those bytes, readable by all and writable by its owner.
   *
   * @throws io.basedisk.domain.error.AlreadyExistsException if {@code file} exists
   */
  void write(Path file, byte[] content);

  /**
   * Gives a regular file the modification time that another one of its file system has, or has had:
   * unless it is changed, its status tells exactly that one.
   */
  void setModifiedAt(Path file, Instant time);

  // Durability.

  /**
   * Makes files and directories durable: content, attributes, and the names in the directories
   * themselves. They may be on several file systems. On return, all of it survives a power cut.
   */
  void sync(ImmutableList<Path> paths);

  /** Makes one file or directory durable. */
  default void sync(Path path) {
    sync(ImmutableList.of(path));
  }
}
