package io.basedisk.domain.model;

import java.time.Instant;

/**
 * What the file system says of a file, without following a symbolic link at its end.
 *
 * @param identity which file it is
 * @param type what it is
 * @param links the number of names it has
 * @param length its length in bytes, holes included
 * @param allocatedBytes the bytes that its data occupies on the file system; where that can't be
 *     told, the length
 * @param owner the numeric user id of its owner
 * @param group the numeric id of its group
 * @param mode the permission bits, 0 to 07777
 * @param modifiedAt when its content was last changed; a time that {@link Instant} can't represent
 *     is the nearest that it can
 * @param changedAt when its inode was last changed (ctime), in the same way
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

  /** What a path names. */
  public enum FileType {
    REGULAR_FILE("a regular file"),
    DIRECTORY("a directory"),
    SYMBOLIC_LINK("a symbolic link"),
    FIFO("a FIFO"),
    SOCKET("a socket"),
    /** A block or character device. */
    DEVICE("a device"),
    /** A type that this system has and that is not listed here. */
    OTHER("neither a file nor a directory");

    private final String description;

    FileType(String description) {
      this.description = description;
    }

    /** Returns what it is, with its article, as it should read in a message. */
    public String describe() {
      return description;
    }
  }

  /** Returns what tells whether its content is changed from now on. */
  public FileVersion version() {
    return new FileVersion(modifiedAt, length);
  }

  /** Returns whether this is a regular file. */
  public boolean isRegularFile() {
    return type == FileType.REGULAR_FILE;
  }

  /** Returns whether this is a directory; a symbolic link to one is none. */
  public boolean isDirectory() {
    return type == FileType.DIRECTORY;
  }

  /** Returns whether it permits anything beyond {@code most}, permission bits from 0 to 0777. */
  public boolean permitsMoreThan(int most) {
    return (mode & ~most & 0777) != 0;
  }
}
