package io.basedisk.domain.model;

import java.time.Instant;

/**
 * The status of a file, as of {@code lstat}: a symbolic link at the end of the path is not
 * followed.
 *
 * @param identity device and inode
 * @param type type of the file
 * @param links number of hard links
 * @param length length in bytes with holes; 0 for a device, whose size is known only when it is
 *     open
 * @param allocatedBytes space that its data occupies on the file system, in bytes; the length if
 *     unknown
 * @param owner numeric user id
 * @param group numeric group id
 * @param mode permission bits, 0 to 07777
 * @param modifiedAt modification time (mtime); a time that {@link Instant} can't represent becomes
 *     the nearest one that it can
 * @param changedAt change time of the inode (ctime), in the same way
 */
public record FileStatus(
    FileIdentity identity,
    FileType type,
    int links,
    long length,
    long allocatedBytes,
    int owner,
    int group,
    int mode,
    Instant modifiedAt,
    Instant changedAt) {

  /** The type of a file. */
  public enum FileType {
    /** A regular file. */
    REGULAR_FILE("a regular file"),
    /** A directory. */
    DIRECTORY("a directory"),
    /** A symbolic link. */
    SYMBOLIC_LINK("a symbolic link"),
    /** A named pipe. */
    FIFO("a FIFO"),
    /** A Unix domain socket. */
    SOCKET("a socket"),
    /** A block device, for example a partition or a logical volume. */
    BLOCK_DEVICE("a block device"),
    /** A character device. */
    CHARACTER_DEVICE("a character device"),
    /** Another type of the operating system. */
    OTHER("neither a file nor a directory");

    private final String description;

    FileType(String description) {
      this.description = description;
    }

    /** {@return the type's name with its article, for a message} */
    public String describe() {
      return description;
    }
  }

  /** {@return the version of the content, to compare with a later one} */
  public FileVersion version() {
    return new FileVersion(modifiedAt, length);
  }

  /** {@return whether this is a regular file} */
  public boolean isRegularFile() {
    return type == FileType.REGULAR_FILE;
  }

  /** {@return whether this is a block device} */
  public boolean isBlockDevice() {
    return type == FileType.BLOCK_DEVICE;
  }

  /** {@return whether this is a directory} False for a symbolic link to one. */
  public boolean isDirectory() {
    return type == FileType.DIRECTORY;
  }

  /**
   * {@return whether the file has a permission that is not in {@code limit}}
   *
   * @param limit permission bits, 0 to 0777
   */
  public boolean permitsMoreThan(int limit) {
    return (mode & ~limit & 0777) != 0;
  }
}
