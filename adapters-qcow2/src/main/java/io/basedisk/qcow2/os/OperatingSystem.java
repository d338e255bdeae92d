package io.basedisk.qcow2.os;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.FileStatus;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What the adapter needs of the operating system where Java has no call for it, or one that hides
 * the error, follows a symbolic link, or gives up when its thread is interrupted.
 *
 * <p>No method follows a symbolic link at the end of a path or on the way, but {@link #status}
 * those on the way. Where the system has no calls for that, a path whose directory another user can
 * write to is a {@link io.basedisk.domain.error.RefusedException}. No method is cut short by {@link
 * Thread#interrupt}: the interrupt stays pending. Failures are {@link
 * java.nio.file.FileSystemException}s that name the file and say why in the system's own words.
 * Implementations are safe for many threads.
 */
public interface OperatingSystem {

  /** Returns the running system's calls where they can be had, otherwise the portable ones. */
  static OperatingSystem current() {
    Optional<LinuxSystem> linux = LinuxSystem.load();
    return linux.isPresent() ? linux.get() : portable();
  }

  /** Returns calls that need nothing but Java; what they lack, {@link #current} may have. */
  static OperatingSystem portable() {
    return new PortableSystem();
  }

  /**
   * Checks that no other user can put another file at a path while it is used, where the system has
   * no calls that find out; elsewhere it has no effect. All changes check it by themselves.
   *
   * @throws io.basedisk.domain.error.RefusedException if another user can write to its directory
   */
  default void requireUnshared(Path path) throws IOException {}

  /**
   * Returns what the file system says of a path, or empty if nothing is there. Symbolic links on
   * the way are followed.
   */
  Optional<FileStatus> status(Path path) throws IOException;

  /** Returns the same; a symbolic link on the way is an error. */
  Optional<FileStatus> directStatus(Path path) throws IOException;

  /** Returns the paths of what is directly in a directory, in no particular order. */
  ImmutableList<Path> list(Path directory) throws IOException;

  /**
   * Gives a regular file another name.
   *
   * @return false if the file system can't: on doubt whether that is the reason, it is an error
   * @throws java.nio.file.FileAlreadyExistsException if {@code added} exists
   */
  boolean link(Path existing, Path added) throws IOException;

  /**
   * Gives a file a new name in place of its old one, replacing a file of that name. If that is the
   * same file, it loses its old name all the same.
   */
  void rename(Path from, Path to) throws IOException;

  /**
   * Removes a name: a file's, or an empty directory's.
   *
   * @return what was there; empty if nothing was
   */
  Optional<FileStatus> remove(Path path) throws IOException;

  /**
   * Makes a directory.
   *
   * @param mode exactly its permission bits
   * @throws java.nio.file.FileAlreadyExistsException if something is there
   */
  void createDirectory(Path directory, int mode) throws IOException;

  /**
   * Makes an empty regular file, for its owner alone, and holds it.
   *
   * @throws java.nio.file.FileAlreadyExistsException if something is there
   * @throws java.nio.file.NoSuchFileException if its directory is not there
   */
  HeldFile create(Path file) throws IOException;

  /**
   * Gives a file a new name in place of its old one, in the same file system, in one step.
   *
   * @return false, and nothing was done, if the system or the file system has no such step
   * @throws java.nio.file.FileAlreadyExistsException if {@code added} exists
   */
  boolean renameToNew(Path existing, Path added) throws IOException;

  /**
   * Returns the first bytes of a regular file: as many as it has, and {@code most} at most.
   *
   * @throws java.nio.file.NoSuchFileException if the file does not exist
   */
  byte[] readStart(Path file, int most) throws IOException;

  /**
   * Writes bytes over those at the start of a regular file, in one write where the system makes one
   * of it. A file that is not there is made, for its owner alone.
   */
  void overwriteStart(Path file, byte[] bytes) throws IOException;

  /**
   * Writes bytes over those at a position of a regular file, in one write where the system makes
   * one of it. Its modification time and permission bits stay; an owner's own file may be
   * read-only.
   *
   * @param inode the file that it must be
   * @return false, and nothing was done, if the path names another file
   * @throws java.nio.file.NoSuchFileException if the file does not exist
   */
  boolean patch(Path file, long inode, long position, byte[] bytes) throws IOException;

  /**
   * Returns an extended attribute of the name space {@code user.} of a regular file, or empty if it
   * has none of that name, or can have none.
   *
   * @param name without the name space
   */
  Optional<byte[]> userAttribute(Path file, String name) throws IOException;

  /**
   * Gives a regular file an extended attribute of the name space {@code user.}.
   *
   * @param name without the name space
   * @return false, and nothing was done, if the file can have none or this process can't set it
   */
  boolean setUserAttribute(Path file, String name, byte[] value) throws IOException;

  /**
   * Takes the write permissions of a regular file and, where this process may, gives it to another
   * owner; a former owner who could read it still can, and where that can't be had the owner stays.
   */
  void seal(Path file, int owner) throws IOException;

  /** Gives a regular file to another user and group. */
  void setOwner(Path file, int owner, int group) throws IOException;

  /**
   * Takes permission bits from a file or directory.
   *
   * @param most those that it may have afterwards, 0 to 07777
   */
  void limitMode(Path path, int most) throws IOException;

  /** Gives a regular file a modification time. */
  void setModifiedAt(Path file, Instant time) throws IOException;

  /**
   * Copies a regular file, its holes kept or its blocks shared, to a new one with its attributes,
   * as {@link #copyAttributes} gives them. On failure nothing is left.
   *
   * @throws java.nio.file.FileAlreadyExistsException if {@code target} exists
   */
  void copy(Path source, Path target) throws IOException;

  /** Gives a file or directory those permission bits, 0 to 07777. */
  void setMode(Path path, int mode) throws IOException;

  /**
   * Gives {@code target}, an empty regular file, the content of the regular file {@code source},
   * its holes kept or its blocks shared. On failure it has some of it.
   */
  void copyContent(Path source, Path target) throws IOException;

  /**
   * Gives {@code target} the owner, group, permission bits and extended attributes of {@code
   * source}, and takes away those extended attributes that it has no counterpart of. Of the name
   * space {@code user.} it has none afterwards.
   */
  void copyAttributes(Path source, Path target) throws IOException;

  /** Makes a file's content and attributes, or a directory's names, durable. */
  void sync(Path path) throws IOException;

  /**
   * Makes files and directories of one file system durable by flushing all of that file system.
   *
   * @param paths at least one
   * @return false, and nothing was done, if that can't be relied on there to report every error
   */
  boolean syncTogether(ImmutableList<Path> paths) throws IOException;

  /**
   * Takes an exclusive lock on one byte of an existing file, without waiting. It excludes every
   * other lock of that byte, whichever thread or process takes it, and ends when it is closed or
   * its process ends. To close it again has no effect.
   *
   * @param position from 0 to 2<sup>63</sup>-2; it need not be within the file
   * @return the lock, or empty if somebody holds it
   */
  Optional<Closeable> tryLock(Path file, long position) throws IOException;

  /**
   * Takes an exclusive lock on all bytes of an existing file that {@link #tryLock} can lock, as
   * that does on one.
   *
   * @return the lock, or empty if a lock of any byte is held
   */
  Optional<Closeable> tryLockAll(Path file) throws IOException;

  /**
   * Opens a regular file in order to learn who else uses it.
   *
   * @throws java.nio.file.NoSuchFileException if the file does not exist
   */
  FileProbe probe(Path file) throws IOException;

  /**
   * Pins the file at a path without opening it: of a device or a pipe too, nothing happens to it.
   * Where the system can't pin a file, it is the one that was at the path just now.
   *
   * @throws java.nio.file.NoSuchFileException if the file does not exist
   */
  PinnedFile pin(Path path) throws IOException;

  /**
   * Opens a regular file in order to learn where its holes are.
   *
   * @throws java.nio.file.NoSuchFileException if the file does not exist
   */
  SparseFile sparse(Path file) throws IOException;

  /**
   * Opens two regular files so that the second can share blocks of the first.
   *
   * @return empty if this system can't do that
   * @throws java.nio.file.NoSuchFileException if one of them is not there
   */
  Optional<BlockSharing> sharing(Path source, Path target) throws IOException;
}
