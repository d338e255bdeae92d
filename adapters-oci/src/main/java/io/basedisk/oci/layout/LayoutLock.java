package io.basedisk.oci.layout;

import com.google.common.collect.Sets;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** The right to write to a layout, which one writer of one process has at a time. */
final class LayoutLock implements AutoCloseable {

  /**
   * The layouts that this process writes to. If a process closes any descriptor of a file, the
   * system releases all its locks on the file: a second writer must not even open it.
   */
  private static final Set<Path> HERE = Sets.newConcurrentHashSet();

  private final Path root;
  private final FileChannel channel;

  private LayoutLock(Path root, FileChannel channel) {
    this.root = root;
    this.channel = channel;
  }

  /**
   * {@return the lock of a layout}
   *
   * @param files the files of the layout, whose directory exists
   * @throws RefusedException if another writer has it
   */
  static LayoutLock acquire(LayoutFiles files) {
    Path root;
    try {
      root = files.root().toRealPath();
    } catch (IOException e) {
      throw files.failure("cannot lock", files.root(), e);
    }
    if (!HERE.add(root)) {
      throw refused(files);
    }
    LayoutLock lock = null;
    try {
      lock = new LayoutLock(root, locked(files));
      return lock;
    } finally {
      if (lock == null) {
        HERE.remove(root);
      }
    }
  }

  private static FileChannel locked(LayoutFiles files) {
    Path file = files.path(LayoutFiles.LOCK);
    files.find(file); // Refuses a link, and a pipe, which would block the opening.
    FileChannel channel = files.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean isLocked = false;
    try {
      isLocked = channel.tryLock() != null;
    } catch (IOException e) {
      throw files.failure("cannot lock", file, e);
    } finally {
      if (!isLocked) {
        LayoutFiles.closeUnused(channel);
      }
    }
    if (!isLocked) {
      throw refused(files);
    }
    return channel;
  }

  private static RefusedException refused(LayoutFiles files) {
    return new RefusedException(
        files.root() + ": another operation is writing to the layout", new Remedy.Repeat());
  }

  @Override
  public void close() {
    LayoutFiles.closeUnused(channel);
    HERE.remove(root);
  }
}
