package io.basedisk.qcow2.os;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.basedisk.domain.model.FileIdentity;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The byte locks of this JVM, on top of Java's file locks.
 *
 * <p>Java's locks belong to the process: they do not exclude its own threads, and closing any
 * descriptor of the file releases all of them. Therefore each file has one channel, which stays
 * open while a byte is locked, and this class checks for locks of other threads first. One gap
 * remains: if other code in this JVM opens and closes the same file, the locks are lost. Store
 * nothing but locks in such a file.
 */
final class PortableLocks {

  @GuardedBy("PortableLocks.class")
  private static final Map<FileIdentity, PortableLocks> BY_FILE = new HashMap<>();

  private final FileIdentity file;
  private final FileChannel channel;
  private final Map<Long, FileLock> held = new HashMap<>();

  private PortableLocks(FileIdentity file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static Optional<Closeable> tryLock(Path path, FileIdentity file, long position)
      throws IOException {
    return tryLock(path, file, position, 1);
  }

  static Optional<Closeable> tryLockAll(Path path, FileIdentity file) throws IOException {
    return tryLock(path, file, 0, Long.MAX_VALUE);
  }

  private static Optional<Closeable> tryLock(
      Path path, FileIdentity file, long position, long length) throws IOException {
    synchronized (PortableLocks.class) {
      PortableLocks locks = of(path, file);
      try {
        return locks.tryLock(position, length);
      } finally {
        locks.closeIfUnused();
      }
    }
  }

  @GuardedBy("PortableLocks.class")
  private static PortableLocks of(Path path, FileIdentity file) throws IOException {
    @Nullable PortableLocks open = BY_FILE.get(file);
    if (open != null) {
      return open;
    }
    PortableLocks locks =
        new PortableLocks(
            file,
            FileChannel.open(
                path,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS));
    BY_FILE.put(file, locks);
    return locks;
  }

  @GuardedBy("PortableLocks.class")
  private Optional<Closeable> tryLock(long position, long length) throws IOException {
    if (held.values().stream().anyMatch(lock -> lock.overlaps(position, length))) {
      return Optional.empty();
    }
    @Nullable FileLock lock = channel.tryLock(position, length, false);
    if (lock == null) {
      return Optional.empty();
    }
    held.put(position, lock);
    return Optional.of(() -> release(position, lock));
  }

  private void release(long position, FileLock lock) throws IOException {
    synchronized (PortableLocks.class) {
      if (held.remove(position, lock)) {
        try {
          lock.release();
        } finally {
          closeIfUnused();
        }
      }
    }
  }

  @GuardedBy("PortableLocks.class")
  private void closeIfUnused() throws IOException {
    if (held.isEmpty()) {
      BY_FILE.remove(file);
      channel.close();
    }
  }
}
