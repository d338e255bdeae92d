package io.basedisk.qcow2.image;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableSet;
import com.google.common.util.concurrent.Uninterruptibles;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.qcow2.format.FileBytes;
import io.basedisk.qcow2.format.FormatException;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.os.ClaimedDevice;
import io.basedisk.qcow2.os.FileKind;
import io.basedisk.qcow2.os.HeldFile;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.os.PinnedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An open regular file or block device, with reads and writes at given offsets. Thread-safe. Errors
 * name the file.
 *
 * <p>An interrupt has no effect. It would close a {@link java.nio.channels.FileChannel} for all
 * threads, and the path may name another file by then, after a fork. {@link
 * AsynchronousFileChannel} ignores interrupts. With an executor that runs tasks in the calling
 * thread, a read is one {@code pread}.
 */
public final class ImageFile implements FileBytes, AutoCloseable {

  /**
   * Limits the size of the direct buffer that the JDK keeps for each thread to copy heap buffers.
   */
  private static final int MAX_TRANSFER = 1 << 20;

  private final Path path;
  private final @Nullable FileIdentity identity;
  private final AsynchronousFileChannel channel;
  private final AtomicLong length;

  ImageFile(Path path, @Nullable FileIdentity identity, AsynchronousFileChannel channel)
      throws IOException {
    this.path = path;
    this.identity = identity;
    this.channel = channel;
    this.length = new AtomicLong(channel.size());
  }

  // Opening.

  /**
   * Opens an existing file or block device.
   *
   * @param path path of the file
   * @return the open file, for the caller to close
   * @throws NotFoundException if the file does not exist
   * @throws InvalidImageException if it is neither a regular file nor a block device
   * @throws StorageException if it can't be read
   */
  public static ImageFile openToRead(Path path) {
    if (FileKind.isBlockDevice(path)) {
      return requireSize(open(path, path, null, ImmutableSet.of(StandardOpenOption.READ)));
    }
    return openExisting(path, ImmutableSet.of(StandardOpenOption.READ));
  }

  /**
   * Opens a pinned file or block device, which is independent of its path.
   *
   * @param name the file's path in messages
   */
  static ImageFile openPinned(PinnedFile file, Path name) {
    FileStatus status = file.status();
    if (!status.isRegularFile() && !status.isBlockDevice()) {
      throw ImageFailure.notRegular(name);
    }
    ImageFile opened =
        open(name, file.openable(), status.identity(), ImmutableSet.of(StandardOpenOption.READ));
    return status.isBlockDevice() ? requireSize(opened) : opened;
  }

  /**
   * Checks that the size of a device is known: a drive without a medium has none, and on some
   * systems Java can't ask. The device would seem to be empty.
   */
  private static ImageFile requireSize(ImageFile device) {
    if (device.length() == 0) {
      device.close();
      throw new StorageException(device.path + ": is a block device whose size is not known");
    }
    return device;
  }

  /**
   * Opens a claimed block device for reading and writing.
   *
   * @param device the device, which stays open
   * @param path its path in messages
   * @return the open device, for the caller to close
   * @throws StorageException if it can't be opened, or its size is not known
   */
  public static ImageFile openClaimed(ClaimedDevice device, Path path) {
    return requireSize(
        open(
            path,
            device.openable(),
            device.identity(),
            ImmutableSet.of(StandardOpenOption.READ, StandardOpenOption.WRITE)));
  }

  /**
   * Opens an existing file for reading and writing.
   *
   * @param path path of the file
   * @return the open file, for the caller to close
   * @throws NotFoundException if the file does not exist
   * @throws InvalidImageException if it is not a regular file
   * @throws StorageException if it can't be written
   */
  public static ImageFile openToWrite(Path path) {
    return openExisting(path, ImmutableSet.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  /**
   * Opens an existing file by its recorded path, like {@link #openToRead} otherwise. A symbolic
   * link anywhere in the path is an error.
   *
   * @param path path of the file
   * @param system the system calls to use
   * @return the open file, for the caller to close
   */
  public static ImageFile openRecorded(Path path, OperatingSystem system) {
    try {
      system.requireUnshared(path);
      try (PinnedFile pinned = system.pin(path)) {
        if (!pinned.status().isRegularFile()) {
          throw ImageFailure.notRegular(path);
        }
        return openPinned(pinned, path);
      }
    } catch (IOException e) {
      throw ImageFailure.of(path, e);
    }
  }

  /**
   * Opens an existing file for reading and writing by its recorded path and inode number. A
   * symbolic link anywhere in the path is an error.
   *
   * @param path path of the file
   * @param inode the inode number that the file must have
   * @param system the system calls to use
   * @return the open file, for the caller to close
   * @throws RefusedException if the path names another file, or the file has other hard links
   */
  public static ImageFile openRecordedToWrite(Path path, long inode, OperatingSystem system) {
    try {
      system.requireUnshared(path);
      try (PinnedFile pinned = system.pin(path)) {
        FileStatus status = pinned.status();
        if (!status.isRegularFile()) {
          throw ImageFailure.notRegular(path);
        }
        if (status.identity().inode() != inode || status.links() > 1) {
          throw new RefusedException(path + ": was replaced, or has another name");
        }
        return open(
            path,
            pinned.openable(),
            status.identity(),
            ImmutableSet.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
      }
    } catch (IOException e) {
      throw ImageFailure.of(path, e);
    }
  }

  /**
   * Creates a file that its owner alone may read and write. A symbolic link in the path is an
   * error.
   *
   * @param path path of the new file
   * @param system the system calls to use
   * @return the open file, for the caller to close
   * @throws AlreadyExistsException if {@code path} exists
   * @throws StorageException if the file can't be created
   */
  public static ImageFile create(Path path, OperatingSystem system) {
    try (HeldFile made = system.create(path)) {
      try {
        return open(path, made.openable(), null, ImmutableSet.of(StandardOpenOption.WRITE));
      } catch (RuntimeException e) {
        removeIncomplete(path, system, e);
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw new StorageException(path + ": its directory does not exist", e);
    } catch (IOException e) {
      throw ImageFailure.of(path, e);
    }
  }

  /** Removes an incomplete file. A failure to do so is added to {@code reason}. */
  static void removeIncomplete(Path path, OperatingSystem system, RuntimeException reason) {
    try {
      system.remove(path);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  private static ImageFile openExisting(Path path, Set<? extends OpenOption> options) {
    try {
      // Opening a FIFO would wait for a writer.
      if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
        throw ImageFailure.notRegular(path);
      }
    } catch (IOException e) {
      throw ImageFailure.of(path, e);
    }
    return open(path, path, null, options);
  }

  private static ImageFile open(
      Path path,
      Path openable,
      @Nullable FileIdentity identity,
      Set<? extends OpenOption> options) {
    try {
      AsynchronousFileChannel channel =
          AsynchronousFileChannel.open(openable, options, new CallingThread());
      try {
        return new ImageFile(path, identity, channel);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw ImageFailure.of(path, e);
    }
  }

  // Reading and writing.

  /** {@return the path of the file, as it was opened} */
  public Path path() {
    return path;
  }

  /** {@return the identity of the file; empty unless it was pinned} */
  Optional<FileIdentity> identity() {
    return Optional.ofNullable(identity);
  }

  /** {@return the length in bytes: the length at opening, updated by our own writes} */
  public long length() {
    return length.get();
  }

  /**
   * Fills {@code target} from {@code at} on. Bytes beyond the end of the file are zeros.
   *
   * @param at offset of the first byte
   * @param target the buffer to fill, from its position to its limit
   */
  public void read(long at, ByteBuffer target) {
    long position = at;
    while (target.hasRemaining()) {
      int count = done(channel.read(nextPart(target), position));
      if (count < 0) {
        Zeros.fill(target, target.remaining());
        return;
      }
      target.position(target.position() + count);
      position += count;
    }
  }

  @Override
  public ByteBuffer read(HostOffset at, int size) {
    ByteBuffer bytes = ByteBuffer.allocate(size);
    read(at.bytes(), bytes);
    return bytes.flip();
  }

  /**
   * Writes the remaining bytes of {@code source} at {@code at}. Threads may write to different
   * parts of the file at the same time.
   *
   * @param at offset of the first byte
   * @param source the bytes to write, from its position to its limit
   */
  public void write(HostOffset at, ByteBuffer source) {
    long position = at.bytes();
    while (source.hasRemaining()) {
      int count = done(channel.write(nextPart(source), position));
      source.position(source.position() + count);
      position += count;
    }
    length.accumulateAndGet(position, Math::max);
  }

  /**
   * Truncates the file to {@code end}.
   *
   * @param end the new length of the file
   */
  public void cutOff(HostOffset end) {
    try {
      channel.truncate(end.bytes());
      length.accumulateAndGet(end.bytes(), Math::min);
    } catch (IOException e) {
      throw ImageFailure.of(path, e);
    }
  }

  /** Makes all writes durable. */
  public void force() {
    try {
      channel.force(false);
    } catch (IOException e) {
      throw ImageFailure.of(path, e);
    }
  }

  /** Closes the file. A second call has no effect. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw ImageFailure.of(path, e);
    }
  }

  private static ByteBuffer nextPart(ByteBuffer buffer) {
    return buffer.slice(buffer.position(), Math.min(buffer.remaining(), MAX_TRANSFER));
  }

  private int done(Future<Integer> transfer) {
    try {
      return requireNonNull(Uninterruptibles.getUninterruptibly(transfer));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause
          ? ImageFailure.of(path, cause)
          : new StorageException(path + ": " + e.getCause(), e);
    }
  }

  // Failures.

  /**
   * {@return the error for invalid content of this file}
   *
   * @param reason what is wrong with the content
   */
  public InvalidImageException invalid(FormatException reason) {
    return new InvalidImageException(path + ": " + reason.getMessage(), reason);
  }
}
