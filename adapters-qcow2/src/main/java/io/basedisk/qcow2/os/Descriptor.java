package io.basedisk.qcow2.os;

import com.google.common.util.concurrent.Uninterruptibles;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.basedisk.domain.model.FileStatus;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/** An open file or directory. Each method is one system call on it, or a short sequence. */
final class Descriptor implements Closeable {

  private static final int STRUCT_FILE_CLONE_RANGE_LENGTH = 32;
  private static final int STRUCT_TIMESPEC_LENGTH = 16;
  private static final int STRUCT_STATFS_LENGTH = 256; // 120 bytes, and reserve

  private static final byte[] EMPTY_NAME = {0};

  private static final int OWNER_ALONE = 0600;

  /** Keeps an owner or a group. */
  private static final int AS_IT_IS = -1;

  /** Longer than the kernel lets a process hold a lease that blocks another process. */
  private static final Duration LONGEST_LEASE = Duration.ofSeconds(60);

  private static final Duration LEASE_POLL = Duration.ofMillis(1);

  private final SystemCalls calls;
  private final Path path;
  private final int number;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Descriptor(SystemCalls calls, Path path, int number) {
    this.calls = calls;
    this.path = path;
    this.number = number;
  }

  /** Access mode of a descriptor. */
  enum Access {
    /** Only to hold the file. */
    NONE(LibC.O_PATH),
    /** To resolve names in a directory. */
    DIRECTORY(DirectPaths.DIRECTORY),
    READ(LibC.O_RDONLY),
    WRITE(LibC.O_WRONLY),
    /** To write to a new file, which its owner alone may use; an error if the path exists. */
    CREATE(LibC.O_WRONLY | LibC.O_CREAT | LibC.O_EXCL),
    /** To write; a missing file is created, and its owner alone may use it. */
    WRITE_OR_CREATE(LibC.O_WRONLY | LibC.O_CREAT),
    READ_WRITE(LibC.O_RDWR),
    /** To write to a block device, which must not be mounted or claimed. */
    CLAIM(LibC.O_RDWR | LibC.O_EXCL);

    private final int flags;

    Access(int flags) {
      this.flags = flags;
    }

    private int flags() {
      // With O_PATH, open never waits.
      int waiting = (flags & LibC.O_PATH) != 0 ? 0 : LibC.O_NONBLOCK;
      return flags | waiting | DirectPaths.O_NOFOLLOW | LibC.O_CLOEXEC;
    }

    private int mode() {
      return (flags & LibC.O_CREAT) != 0 ? OWNER_ALONE : 0;
    }
  }

  /**
   * Opens a path. A symbolic link anywhere in the path is an error, except that {@link Access#NONE}
   * can hold a link at its end. Opening waits only until another process gives back a lease on the
   * file. Child processes do not inherit the descriptor.
   */
  static Descriptor open(SystemCalls calls, Path path, Access access) throws IOException {
    long start = System.nanoTime();
    while (true) {
      try {
        int number = calls.paths().open(path, access.flags(), access.mode());
        return new Descriptor(calls, path, number);
      } catch (SystemCallException e) {
        // Another probe holds a lease for an instant. O_NONBLOCK, which is needed for pipes, makes
        // open fail where it would wait.
        if (e.errno() != LibC.EAGAIN || System.nanoTime() - start > LONGEST_LEASE.toNanos()) {
          throw e;
        }
        Uninterruptibles.sleepUninterruptibly(LEASE_POLL);
      }
    }
  }

  /** Opens a name in an open directory, which must be a directory too. */
  static Descriptor openDirectory(SystemCalls calls, Path path, Descriptor directory, byte[] name)
      throws IOException {
    int flags = (DirectPaths.DIRECTORY & ~LibC.O_PATH) | LibC.O_RDONLY;
    int number = (int) calls.make(path, libc -> libc.openat(directory.number, name, flags, 0));
    return new Descriptor(calls, path, number);
  }

  @Override
  public void close() throws IOException {
    // After the first close, the number may belong to another file.
    if (!closed.getAndSet(true)) {
      calls.close(path, number);
    }
  }

  /** {@return the descriptor's number in this process} */
  int number() {
    return number;
  }

  /** Makes a call on this descriptor. */
  long make(SystemCalls.Call call) throws SystemCallException {
    return calls.make(path, call);
  }

  // The file itself.

  FileStatus status() throws IOException {
    return Statx.call(calls, path, number, EMPTY_NAME, LibC.AT_EMPTY_PATH).status();
  }

  // Durability.

  void sync() throws IOException {
    make(libc -> libc.fsync(number));
  }

  /** Syncs the whole file system that contains this file. */
  void syncFileSystem() throws IOException {
    make(libc -> libc.syncfs(number));
  }

  /** Waits for pending writes of this file to the device, and throws if one has failed. */
  void awaitWrittenBack() throws IOException {
    make(libc -> libc.sync_file_range(number, 0, 0, LibC.SYNC_FILE_RANGE_WAIT_BEFORE));
  }

  /** {@return the type of the file system, as {@link LibC} names it} */
  long fileSystemType() throws IOException {
    byte[] result = new byte[STRUCT_STATFS_LENGTH];
    make(libc -> libc.fstatfs(number, result));
    return ByteBuffer.wrap(result).order(ByteOrder.nativeOrder()).getLong(0);
  }

  // Content.

  /** Shares all blocks of another file; false if that fails. */
  boolean cloneFrom(Descriptor source) {
    try {
      make(libc -> libc.ioctl(number, LibC.FICLONE, source.number));
      return true;
    } catch (SystemCallException e) {
      // For any reason: the caller copies instead, and the copy reports an error that persists.
      return false;
    }
  }

  /** Shares the blocks of a range of another file; false if that fails. */
  boolean cloneRange(Descriptor source, long from, long length, long to) {
    try (Memory range = new Memory(STRUCT_FILE_CLONE_RANGE_LENGTH)) {
      range.setLong(0, source.number);
      range.setLong(8, from);
      range.setLong(16, length);
      range.setLong(24, to);
      make(libc -> libc.ioctl(number, LibC.FICLONERANGE, range));
      return true;
    } catch (SystemCallException e) {
      return false;
    }
  }

  long length() throws IOException {
    return make(libc -> libc.lseek(number, 0, LibC.SEEK_END));
  }

  /** Changes the allocation of a range; the arguments are those of fallocate(2). */
  void allocate(int mode, long position, long length) throws IOException {
    make(libc -> libc.fallocate(number, mode, position, length));
  }

  /** Truncates the file, or extends it by a hole. */
  void setLength(long length) throws IOException {
    make(libc -> libc.ftruncate(number, length));
  }

  /** {@return the offset of the next data at or after a position; empty if only a hole follows} */
  OptionalLong dataFrom(long position) throws IOException {
    try {
      return OptionalLong.of(make(libc -> libc.lseek(number, position, LibC.SEEK_DATA)));
    } catch (SystemCallException e) {
      if (e.errno() == LibC.ENXIO) {
        return OptionalLong.empty();
      }
      throw e;
    }
  }

  /** {@return the end of the data at a position} */
  long holeFrom(long position) throws IOException {
    return make(libc -> libc.lseek(number, position, LibC.SEEK_HOLE));
  }

  /** {@return the number of bytes read; 0 only at the end of the file} */
  long read(Memory buffer, long length, long position) throws IOException {
    return make(libc -> libc.pread(number, buffer, length, position));
  }

  void write(Memory buffer, long length, long position) throws IOException {
    long written = 0;
    while (written < length) {
      long done = written;
      Pointer rest = buffer.share(done);
      written += make(libc -> libc.pwrite(number, rest, length - done, position + done));
    }
  }

  /** {@return the first bytes of the file, at most {@code limit}} */
  byte[] readStart(int limit) throws IOException {
    try (Memory buffer = new Memory(limit)) {
      int length = 0;
      while (length < limit) {
        Pointer rest = buffer.share(length);
        int at = length;
        long count = make(libc -> libc.pread(number, rest, limit - at, at));
        if (count == 0) {
          break;
        }
        length += (int) count;
      }
      return buffer.getByteArray(0, length);
    }
  }

  void write(byte[] bytes, long position) throws IOException {
    if (bytes.length == 0) {
      return;
    }
    try (Memory buffer = new Memory(bytes.length)) {
      buffer.write(0, bytes, 0, bytes.length);
      write(buffer, bytes.length, position);
    }
  }

  // Attributes.

  void setMode(int mode) throws IOException {
    make(libc -> libc.fchmod(number, mode));
  }

  void setOwner(int owner, int group) throws IOException {
    make(libc -> libc.fchown(number, owner, group));
  }

  /** Changes the owner, and keeps the group. */
  void setOwner(int owner) throws IOException {
    setOwner(owner, AS_IT_IS);
  }

  void setModifiedAt(Instant time) throws IOException {
    ByteBuffer times =
        ByteBuffer.allocate(STRUCT_TIMESPEC_LENGTH * 2)
            .order(ByteOrder.nativeOrder())
            .putLong(0)
            .putLong(LibC.UTIME_OMIT)
            .putLong(time.getEpochSecond())
            .putLong(time.getNano());
    make(libc -> libc.futimens(number, times.array()));
  }
}
