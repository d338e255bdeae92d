package io.basedisk.qcow2.os;

import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.FileStatus.FileType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * {@code struct statx}, with the offsets of linux/stat.h. It has the same layout on every
 * architecture.
 */
final class Statx {

  private static final int LENGTH = 0x100;

  private static final int MASK = 0x00;
  private static final int NLINK = 0x10;
  private static final int UID = 0x14;
  private static final int GID = 0x18;
  private static final int MODE = 0x1c;
  private static final int INO = 0x20;
  private static final int SIZE = 0x28;
  private static final int BLOCKS = 0x30;
  private static final int CTIME = 0x60;
  private static final int MTIME = 0x70;
  private static final int RDEV_MAJOR = 0x80;
  private static final int RDEV_MINOR = 0x84;
  private static final int DEV_MAJOR = 0x88;
  private static final int DEV_MINOR = 0x8c;

  private static final int BYTES_A_BLOCK = 512;

  private static final int S_IFMT = 0170000;
  private static final int S_IFREG = 0100000;
  private static final int S_IFDIR = 0040000;
  private static final int S_IFLNK = 0120000;
  private static final int S_IFIFO = 0010000;
  private static final int S_IFSOCK = 0140000;
  private static final int S_IFBLK = 0060000;
  private static final int S_IFCHR = 0020000;
  private static final int PERMISSIONS = 07777;

  private final ByteBuffer fields;

  private Statx(byte[] bytes) {
    fields = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  /** Reads the status of a file. Arguments other than {@code path} are those of statx(2). */
  static Statx call(SystemCalls calls, Path path, int directory, byte[] name, int flags)
      throws SystemCallException {
    byte[] result = new byte[LENGTH];
    calls.make(path, libc -> libc.statx(directory, name, flags, LibC.STATX_BASIC_STATS, result));
    return new Statx(result);
  }

  /** Reads the status of a path, without following a link at its end. */
  static Optional<Statx> find(SystemCalls calls, Path path) throws IOException {
    return find(calls, path, LibC.AT_FDCWD, SystemCalls.bytesOf(path));
  }

  /** Reads the status of a name in an open directory, without following a link. */
  static Optional<Statx> find(SystemCalls calls, Path path, int directory, byte[] name)
      throws IOException {
    byte[] result = new byte[LENGTH];
    boolean isThere =
        calls.makeIfThere(
            path,
            libc ->
                libc.statx(
                    directory, name, LibC.AT_SYMLINK_NOFOLLOW, LibC.STATX_BASIC_STATS, result));
    return isThere ? Optional.of(new Statx(result)) : Optional.empty();
  }

  FileStatus status() {
    int mode = Short.toUnsignedInt(fields.getShort(MODE));
    FileType type = typeOf(mode);
    return new FileStatus(
        identity(type),
        type,
        fields.getInt(NLINK),
        fields.getLong(SIZE),
        allocatedBytes(),
        fields.getInt(UID),
        fields.getInt(GID),
        mode & PERMISSIONS,
        time(MTIME),
        time(CTIME));
  }

  private FileIdentity identity(FileType type) {
    return type == FileType.BLOCK_DEVICE
        ? new FileIdentity(device(RDEV_MAJOR, RDEV_MINOR), 0)
        : new FileIdentity(device(DEV_MAJOR, DEV_MINOR), fields.getLong(INO));
  }

  /** {@return the file type in {@code st_mode}; permission bits are ignored} */
  static FileType typeOf(int mode) {
    return switch (mode & S_IFMT) {
      case S_IFREG -> FileType.REGULAR_FILE;
      case S_IFDIR -> FileType.DIRECTORY;
      case S_IFLNK -> FileType.SYMBOLIC_LINK;
      case S_IFIFO -> FileType.FIFO;
      case S_IFSOCK -> FileType.SOCKET;
      case S_IFBLK -> FileType.BLOCK_DEVICE;
      case S_IFCHR -> FileType.CHARACTER_DEVICE;
      default -> FileType.OTHER;
    };
  }

  private long allocatedBytes() {
    boolean known = (fields.getInt(MASK) & LibC.STATX_BLOCKS) != 0;
    return known ? fields.getLong(BLOCKS) * BYTES_A_BLOCK : fields.getLong(SIZE);
  }

  /** {@return the device number as the C library composes it for stat(2), and so for Java} */
  private long device(int majorAt, int minorAt) {
    return device(
        Integer.toUnsignedLong(fields.getInt(majorAt)),
        Integer.toUnsignedLong(fields.getInt(minorAt)));
  }

  /** {@return the number of a device in the same form} */
  static long device(long major, long minor) {
    return (major & 0xfffff000L) << 32
        | (major & 0xfffL) << 8
        | (minor & 0xffffff00L) << 12
        | (minor & 0xffL);
  }

  /** {@return a device number as text, as in {@code /sys/dev/block}} */
  static String majorAndMinor(long device) {
    long major = (device >>> 32 & 0xfffff000L) | (device >>> 8 & 0xfffL);
    long minor = (device >>> 12 & 0xffffff00L) | (device & 0xffL);
    return major + ":" + minor;
  }

  private Instant time(int offset) {
    return instant(fields.getLong(offset), fields.getInt(offset + Long.BYTES));
  }

  /**
   * Converts a time of the file system. A file's owner can set any time, and some file systems
   * store any 64-bit number of seconds. A time beyond the range of {@link Instant} becomes the
   * nearest one in range.
   */
  static Instant instant(long seconds, int nanos) {
    if (seconds > Instant.MAX.getEpochSecond()) {
      return Instant.MAX;
    }
    return seconds < Instant.MIN.getEpochSecond()
        ? Instant.MIN
        : Instant.ofEpochSecond(seconds, nanos);
  }
}
