package io.basedisk.qcow2.file;

import com.google.common.util.concurrent.Striped;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.os.Usage;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * The probes of this process: at most one for a file, because the kernel refuses a lease as soon as
 * the file is open twice, even in one process. All guards, shares and queries of a file use its
 * probe, and threads take turns, file by file.
 */
final class SharedProbes {

  private static final Striped<Lock> TURNS = Striped.lock(64);
  private static final ConcurrentMap<FileIdentity, Held> HELD = new ConcurrentHashMap<>();

  private final OperatingSystem system;

  SharedProbes(OperatingSystem system) {
    this.system = system;
  }

  /** Runs while no other thread of this process uses a probe of the file. */
  @FunctionalInterface
  interface Task<T> {
    T run(FileIdentity file) throws IOException;
  }

  /** The path no longer names the file whose status was read. */
  private static final class ReplacedException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** Runs a task on the file that a path names; empty if no file is there. */
  <T> Optional<T> inTurn(Path path, Task<T> task) throws IOException {
    while (true) {
      Optional<FileStatus> status = system.directStatus(path);
      if (status.isEmpty()) {
        return Optional.empty();
      }
      if (!status.get().isRegularFile() && !status.get().isBlockDevice()) {
        throw new FileSystemException(path.toString(), null, "not a regular file");
      }
      FileIdentity file = status.get().identity();
      Lock turn = TURNS.get(file);
      turn.lock();
      try {
        return Optional.of(task.run(file));
      } catch (ReplacedException e) {
        // Retry with the file that the path names now.
      } finally {
        turn.unlock();
      }
    }
  }

  private ImageProbe open(Path path, FileIdentity file) throws IOException {
    ImageProbe probe;
    try {
      probe = new ImageProbe(system.probe(path));
    } catch (NoSuchFileException e) {
      throw new ReplacedException();
    }
    if (!probe.identity().equals(file)) {
      probe.close();
      throw new ReplacedException();
    }
    return probe;
  }

  /** {@return the turn of a file, to lock while its probe is in use} */
  static Lock turn(FileIdentity file) {
    return TURNS.get(file);
  }

  /**
   * A probe that holds locks of its file, with the number of guards and shares that need them. Used
   * only in the file's turn.
   */
  static final class Held {
    private final ImageProbe probe;
    int guards;
    int shares;

    Held(ImageProbe probe) {
      this.probe = probe;
    }

    ImageProbe probe() {
      return probe;
    }
  }

  /** {@return the held probe of a file, for a guard or a share} Call {@link #endUnused} later. */
  Held hold(Path disk, FileIdentity file) throws IOException {
    @Nullable Held shared = HELD.get(file);
    if (shared != null) {
      return shared;
    }
    Held first = new Held(open(disk, file));
    HELD.put(file, first);
    return first;
  }

  /** Releases the locks that no guard and no share needs any more. */
  static void endUnused(FileIdentity file, Held held) throws IOException {
    if (held.guards == 0 && held.shares == 0) {
      HELD.remove(file, held);
      held.probe.close();
    } else if (held.guards == 0) {
      held.probe.letWritersIn();
    }
  }

  /**
   * A probe and its answer. A probe that guards the file stays open. Any other is closed already: a
   * search for processes takes long, and a probe of another process would see this one as a user.
   */
  record Asked(ImageProbe probe, Users users) {}

  /** Asks for the users of a file. */
  Asked ask(Path image, FileIdentity file, Usage usage) throws IOException {
    @Nullable Held shared = HELD.get(file);
    if (shared != null) {
      return new Asked(shared.probe, shared.probe.users(usage));
    }
    try (ImageProbe probe = open(image, file)) {
      return new Asked(probe, probe.users(usage));
    }
  }
}
