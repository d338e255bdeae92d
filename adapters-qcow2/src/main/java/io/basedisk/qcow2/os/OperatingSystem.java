package io.basedisk.qcow2.os;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.port.Progress;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The file calls of the operating system that Java lacks, or that in Java hide errors, follow
 * symbolic links, or end on an interrupt.
 *
 * <p>No method follows a symbolic link in a path, except that {@link #status} follows links in the
 * path's directories. If the system has no calls for that, a path in a directory that another user
 * can write to is a {@link io.basedisk.domain.error.RefusedException}. {@link Thread#interrupt}
 * ends a copy and no other method; the interrupt stays pending. Failures are {@link
 * java.nio.file.FileSystemException}s with the file and the system's own reason. Implementations
 * are thread-safe.
 */
public interface OperatingSystem {

  /** {@return the calls of the running system; the portable calls if those can't be loaded} */
  static OperatingSystem current() {
    Optional<LinuxSystem> linux = LinuxSystem.load();
    return linux.isPresent() ? linux.get() : portable();
  }

  /** {@return calls in pure Java, which lack some abilities of {@link #current}} */
  static OperatingSystem portable() {
    return new PortableSystem();
  }

  /**
   * Checks that no other user can swap the file at a path. It has an effect only on a system whose
   * calls can't detect a swap. All methods that change a file include this check.
   *
   * @param path the path
   * @throws io.basedisk.domain.error.RefusedException if another user can write to its directory
   * @throws IOException if a system call fails
   */
  default void requireUnshared(Path path) throws IOException {}

  /**
   * {@return the status of a path; empty if it does not exist} Follows symbolic links in its
   * directories.
   *
   * @param path the path
   * @throws IOException if a system call fails
   */
  Optional<FileStatus> status(Path path) throws IOException;

  /**
   * {@return the same, but a symbolic link in its directories is an error}
   *
   * @param path the path
   * @throws IOException if a system call fails
   */
  Optional<FileStatus> directStatus(Path path) throws IOException;

  /**
   * {@return the paths of a directory's entries, in no particular order}
   *
   * @param directory the directory
   * @throws IOException if a system call fails
   */
  ImmutableList<Path> list(Path directory) throws IOException;

  /**
   * Adds a hard link to a regular file.
   *
   * @param existing the present name
   * @param added the new name
   * @return false if the file system can't; if the reason is in doubt, this throws
   * @throws java.nio.file.FileAlreadyExistsException if {@code added} exists
   */
  boolean link(Path existing, Path added) throws IOException;

  /**
   * Renames a file, and replaces a file with the new name. If both names are links to the same
   * file, the old name is removed all the same.
   *
   * @param from the present name
   * @param to the new name
   * @throws IOException if a system call fails
   */
  void rename(Path from, Path to) throws IOException;

  /**
   * Removes a file's name, or an empty directory.
   *
   * @param path the path
   * @return the status before; empty if the path did not exist
   * @throws IOException if a system call fails
   */
  Optional<FileStatus> remove(Path path) throws IOException;

  /**
   * Creates a directory.
   *
   * @param directory path of the new directory
   * @param mode its permission bits, whatever the umask
   * @throws java.nio.file.FileAlreadyExistsException if {@code directory} exists
   */
  void createDirectory(Path directory, int mode) throws IOException;

  /**
   * Creates an empty regular file that its owner alone may use, and holds it.
   *
   * @param file path of the new file
   * @return the new file, for the caller to close
   * @throws java.nio.file.FileAlreadyExistsException if {@code file} exists
   * @throws java.nio.file.NoSuchFileException if its directory does not exist
   */
  HeldFile create(Path file) throws IOException;

  /**
   * Renames a file to a name that must not exist, within one file system, in one step.
   *
   * @param existing the present name
   * @param added the new name
   * @return false, with no change, if the system or the file system has no such call
   * @throws java.nio.file.FileAlreadyExistsException if {@code added} exists
   */
  boolean renameToNew(Path existing, Path added) throws IOException;

  /**
   * {@return the first bytes of a regular file, at most {@code limit}}
   *
   * @param file the file
   * @param limit the most bytes to read
   * @throws java.nio.file.NoSuchFileException if the file does not exist
   */
  byte[] readStart(Path file, int limit) throws IOException;

  /**
   * Overwrites the start of a regular file, in one write if the system allows. A missing file is
   * created, and its owner alone may use it.
   *
   * @param file the file
   * @param bytes the bytes to write
   * @throws IOException if a system call fails
   */
  void overwriteStart(Path file, byte[] bytes) throws IOException;

  /**
   * Overwrites bytes of a regular file, in one write if the system allows. Keeps the modification
   * time and permission bits. The owner can change a read-only file too.
   *
   * @param file the file
   * @param inode expected inode of the file
   * @param position offset of the first byte
   * @param bytes the bytes to write
   * @return false, with no change, if the path names another file
   * @throws java.nio.file.NoSuchFileException if the file does not exist
   */
  boolean patch(Path file, long inode, long position, byte[] bytes) throws IOException;

  /**
   * {@return an extended attribute in the name space {@code user.} of a regular file; empty if the
   * file does not have it, or can't have any}
   *
   * @param file the file
   * @param name without the name space
   * @throws IOException if a system call fails
   */
  Optional<byte[]> userAttribute(Path file, String name) throws IOException;

  /**
   * Sets an extended attribute in the name space {@code user.} of a regular file.
   *
   * @param file the file
   * @param name without the name space
   * @param value the new value
   * @return false, with no change, if the file can't have attributes or this process can't set them
   * @throws IOException if a system call fails
   */
  boolean setUserAttribute(Path file, String name, byte[] value) throws IOException;

  /**
   * Takes all write permissions of a regular file. If this process may, it also gives the file to
   * another owner. A former owner who could read the file still can; if that is impossible, the
   * owner stays.
   *
   * @param file the file
   * @param owner the new owner's user number
   * @throws IOException if a system call fails
   */
  void seal(Path file, int owner) throws IOException;

  /**
   * Changes the owner and group of a regular file.
   *
   * @param file the file
   * @param owner the new owner's user number
   * @param group the new group's number
   * @throws IOException if a system call fails
   */
  void setOwner(Path file, int owner, int group) throws IOException;

  /**
   * Removes permission bits of a file or directory.
   *
   * @param path the path
   * @param allowed the bits that may stay, 0 to 07777
   * @throws IOException if a system call fails
   */
  void limitMode(Path path, int allowed) throws IOException;

  /**
   * Sets the modification time of a regular file.
   *
   * @param file the file
   * @param time the new time
   * @throws IOException if a system call fails
   */
  void setModifiedAt(Path file, Instant time) throws IOException;

  /**
   * Copies a regular file to a new file, with its attributes as {@link #copyAttributes} copies
   * them. Shares blocks or keeps holes. On failure, no new file is left.
   *
   * @param source the file to copy from
   * @param target the file to copy to
   * @param progress receives the bytes of the file
   * @throws java.nio.file.FileAlreadyExistsException if {@code target} exists
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted
   */
  void copy(Path source, Path target, Progress progress) throws IOException;

  /**
   * Sets the permission bits of a file or directory, 0 to 07777.
   *
   * @param path the path
   * @param mode the new permission bits
   * @throws IOException if a system call fails
   */
  void setMode(Path path, int mode) throws IOException;

  /**
   * Copies the content of a regular file to {@code target}, an empty regular file. Shares blocks or
   * keeps holes. On failure, {@code target} has a part of it.
   *
   * @param source the file to copy from
   * @param target the file to copy to
   * @param progress receives the bytes of the file
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted
   * @throws IOException if a system call fails
   */
  void copyContent(Path source, Path target, Progress progress) throws IOException;

  /**
   * Copies the owner, group, permission bits and extended attributes, and removes the target's
   * other extended attributes. Attributes in the name space {@code user.} are not copied, and the
   * target's are removed.
   *
   * @param source the file to copy from
   * @param target the file to copy to
   * @throws IOException if a system call fails
   */
  void copyAttributes(Path source, Path target) throws IOException;

  /**
   * Makes a file's content and attributes, or a directory's names, durable.
   *
   * @param path the path
   * @throws IOException if a system call fails
   */
  void sync(Path path) throws IOException;

  /**
   * Makes files and directories of one file system durable by one sync of the whole file system.
   *
   * @param paths at least one
   * @return false, with no effect, if the file system may fail to report an error
   * @throws IOException if a system call fails
   */
  boolean syncTogether(ImmutableList<Path> paths) throws IOException;

  /**
   * Takes an exclusive lock on one byte of an existing file, without waiting. The lock excludes
   * every other lock on that byte, in any thread or process. It ends when it is closed or the
   * process ends. A second close has no effect.
   *
   * @param file the file
   * @param position from 0 to 2<sup>63</sup>-2; it need not be within the file
   * @return the lock; empty if the byte is locked already
   * @throws IOException if a system call fails
   */
  Optional<Closeable> tryLock(Path file, long position) throws IOException;

  /**
   * Takes an exclusive lock on all bytes of an existing file, like {@link #tryLock} on one.
   *
   * @param file the file
   * @return the lock; empty if any byte is locked already
   * @throws IOException if a system call fails
   */
  Optional<Closeable> tryLockAll(Path file) throws IOException;

  /**
   * Opens a regular file or a block device, to find out whether other processes use it. Of a
   * device, the mounts and other uses by the kernel are not seen.
   *
   * @param file the file
   * @return the open file, for the caller to close
   * @throws java.nio.file.NoSuchFileException if the file does not exist
   */
  FileProbe probe(Path file) throws IOException;

  /**
   * Pins the file at a path without opening it, so that it has no effect on a device or a pipe. On
   * a system that can't pin files, the result is the path's present status only.
   *
   * @param path the path
   * @return the pinned file, for the caller to close
   * @throws java.nio.file.NoSuchFileException if the file does not exist
   */
  PinnedFile pin(Path path) throws IOException;

  /**
   * Opens a block device for writing, and claims it. Changes nothing on it.
   *
   * @param device the device
   * @return the device, for the caller to close
   * @throws DeviceInUseException if the device, or a partition of it, is mounted or claimed
   * @throws IOException if it is not a block device, or this system can't claim one
   */
  ClaimedDevice claim(Path device) throws IOException;

  /**
   * {@return the identities of the block devices that have the content of a device, with the device
   * itself} Below a partition is its disk; below a logical volume are its physical volumes. If the
   * system does not say, this is the device alone.
   *
   * @param device identity of a block device
   */
  ImmutableSet<FileIdentity> devicesBelow(FileIdentity device);

  /**
   * Opens a regular file, to find its holes.
   *
   * @param file the file
   * @return the open file, for the caller to close
   * @throws java.nio.file.NoSuchFileException if the file does not exist
   */
  SparseFile sparse(Path file) throws IOException;

  /**
   * Opens two regular files so that the second can share blocks of the first.
   *
   * @param source the file that has the blocks
   * @param target the file that gets them
   * @return empty if this system can't share blocks
   * @throws java.nio.file.NoSuchFileException if a file does not exist
   */
  Optional<BlockSharing> sharing(Path source, Path target) throws IOException;
}
