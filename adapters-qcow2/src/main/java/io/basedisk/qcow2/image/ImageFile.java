package io.basedisk.qcow2.image;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.util.concurrent.Uninterruptibles;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.FileFailure;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.qcow2.format.FileBytes;
import io.basedisk.qcow2.format.FormatException;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.os.FileKind;
import io.basedisk.qcow2.os.HeldFile;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.os.PinnedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An open regular file, read and written at positions, by any number of threads; its failures name
 * it.
 *
 * <p>An interrupt does nothing to it. A {@link java.nio.channels.FileChannel} would be closed, for
 * every thread, and could not be opened again by its name: a fork has given that to another file.
 * {@link AsynchronousFileChannel} takes no notice of interrupts; with an executor that runs its
 * tasks in the calling thread, a read is one {@code pread}.
 */
public final class ImageFile implements FileBytes, AutoCloseable {

  /** The JDK copies heap buffers to a direct one that it keeps for the thread: not too large. */
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
   * Opens an existing file.
   *
   * @throws NotFoundException if nothing is there
   * @throws InvalidImageException if it is not a regular file
   * @throws StorageException if it can't be read
   */
  public static ImageFile openToRead(Path path) {
    return openExisting(path, ImmutableSet.of(StandardOpenOption.READ));
  }

  /**
   * Opens a file that is pinned, whatever has its name by now.
   *
   * @param name what to call it in messages
   */
  static ImageFile openPinned(PinnedFile file, Path name) {
    if (!file.status().isRegularFile()) {
      throw notRegular(name);
    }
    return open(
        name, file.openable(), file.status().identity(), ImmutableSet.of(StandardOpenOption.READ));
  }

  /**
   * Opens an existing file to be read and written.
   *
   * @throws NotFoundException if nothing is there
   * @throws InvalidImageException if it is not a regular file
   * @throws StorageException if it can't be written
   */
  public static ImageFile openToWrite(Path path) {
    return openExisting(path, ImmutableSet.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  /**
   * Opens an existing file as {@link #openToRead} does, but by a recorded path: a symbolic link at
   * its end or on the way is an error.
   */
  public static ImageFile openRecorded(Path path, OperatingSystem system) {
    try {
      system.requireUnshared(path);
      try (PinnedFile pinned = system.pin(path)) {
        return openPinned(pinned, path);
      }
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  /**
   * Makes a file where nothing is; its owner alone may read and write it. A symbolic link on the
   * way is an error.
   *
   * @throws AlreadyExistsException if something is there
   * @throws StorageException if it can't be made
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
      throw failure(path, e);
    }
  }

  /** Removes a file that could not be completed, for a reason that is passed on. */
  static void removeIncomplete(Path path, OperatingSystem system, RuntimeException reason) {
    try {
      system.remove(path);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  private static ImageFile openExisting(Path path, Set<? extends OpenOption> options) {
    try {
      // To open a FIFO would wait for somebody to write to it.
      if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
        throw notRegular(path);
      }
    } catch (IOException e) {
      throw failure(path, e);
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
      throw failure(path, e);
    }
  }

  // Reading and writing.

  public Path path() {
    return path;
  }

  /** Returns which file it is; empty unless it was opened pinned. */
  Optional<FileIdentity> identity() {
    return Optional.ofNullable(identity);
  }

  /** Returns its length in bytes: as it was when it was opened, and as we have written it since. */
  public long length() {
    return length.get();
  }

  /** Fills {@code target} from {@code at} on; what lies beyond the end of the file is zeros. */
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
   * Writes what remains of {@code source} from {@code at} on. Many threads may, to different parts
   * of the file.
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

  /** Takes away what there is from {@code end} on. */
  public void cutOff(HostOffset end) {
    try {
      channel.truncate(end.bytes());
      length.accumulateAndGet(end.bytes(), Math::min);
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  /** Makes all that was written durable. */
  public void force() {
    try {
      channel.force(false);
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  /** Closes the file; to close it again has no effect. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failure(path, e);
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
          ? failure(path, cause)
          : new StorageException(path + ": " + e.getCause(), e);
    }
  }

  // Failures.

  /** Returns the error for what this file should not contain. */
  public InvalidImageException invalid(FormatException reason) {
    return new InvalidImageException(path + ": " + reason.getMessage(), reason);
  }

  static InvalidImageException notRegular(Path path) {
    return new InvalidImageException(path + ": is " + FileKind.of(path) + ", not a regular file");
  }

  /** Returns the error for what went wrong with a file. */
  static BaseDiskException failure(Path path, IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return new NotFoundException(
          path + ": " + FileKind.brokenLink(path).map("is "::concat).orElse("no such file"), cause);
    }
    if (cause instanceof FileAlreadyExistsException) {
      return alreadyThere(path, cause);
    }
    if (cause instanceof AccessDeniedException) {
      return new StorageException(path + ": permission denied", cause);
    }
    return FileFailure.of(path + ": " + reason(cause), cause);
  }

  /** Returns the error for a name of a new file which is taken. */
  public static AlreadyExistsException alreadyThere(Path path, @Nullable IOException cause) {
    String message =
        path
            + ": exists already"
            + FileKind.brokenLink(path).map(link -> ": it is " + link).orElse("");
    return cause == null
        ? new AlreadyExistsException(message)
        : new AlreadyExistsException(message, cause);
  }

  private static String reason(IOException cause) {
    String reason =
        cause instanceof FileSystemException ofFile ? ofFile.getReason() : cause.getMessage();
    return FileFailure.lackOfSpace(cause)
        .orElse(reason == null ? cause.getClass().getSimpleName() : reason);
  }

  /** Runs what it is given at once, in the thread that gives it. */
  private static final class CallingThread extends AbstractExecutorService {

    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public void shutdown() {}

    @Override
    public ImmutableList<Runnable> shutdownNow() {
      return ImmutableList.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return false;
    }
  }
}
