package io.basedisk.qcow2.file;

import static com.google.common.base.Preconditions.checkNotNull;
import static com.google.common.base.Preconditions.checkState;

import com.google.common.util.concurrent.Striped;
import com.google.common.util.concurrent.Uninterruptibles;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.WhenLocksCantBeAsked;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.qcow2.file.Users.Somebody;
import io.basedisk.qcow2.file.Users.Unknown;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.os.Usage;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Image locks on the files of this machine.
 *
 * <p>Programs that keep to QEMU's image locks are kept out by them. Others are found by a lease
 * that the kernel refuses while they have the file open. It grants one to the file's owner and to
 * whoever has the capability {@code CAP_LEASE}, on most file systems. Elsewhere the table of
 * processes is searched, which shows less: the caller may not look into other users' processes
 * unless it may trace them, and if there are any that it can't look into, {@link
 * WhenLocksCantBeAsked} decides. What that search never shows is a process of another container, a
 * file that is only mapped into memory, and the kernel's own use, of a loop device say.
 *
 * <p>Nothing here sees a program that has the file open on another machine and does not keep to
 * locks.
 *
 * <p>Whoever opens a file in the instant in which it is asked about waits until that is over, or is
 * turned away if they said that they would not wait ({@code O_NONBLOCK}), which QEMU does not.
 */
public final class FileImageLocks implements ImageLocks {

  /**
   * How long to wait in all before somebody who has a file open is believed to be a user: it may be
   * another process that only asks, and is done in an instant.
   */
  private static final Duration PATIENCE = Duration.ofMillis(15);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(1);

  // Of the whole process. A lease is refused as soon as the file is open twice, whoever has it
  // open. So this process has at most one probe of a file, which all guards and shares of it
  // have in common and all questions go through; and its threads take turns, file by file.
  private static final Striped<Lock> TURNS = Striped.lock(64);
  private static final ConcurrentMap<FileIdentity, Held> HELD = new ConcurrentHashMap<>();

  private final OperatingSystem system;
  private final WhenLocksCantBeAsked otherwise;

  public FileImageLocks(OperatingSystem system, WhenLocksCantBeAsked otherwise) {
    this.system = checkNotNull(system);
    this.otherwise = checkNotNull(otherwise);
  }

  /** A probe that holds locks of its file, and for how many guards and shares. */
  private static final class Held {
    private final ImageProbe probe;
    private int guards;
    private int shares;

    Held(ImageProbe probe) {
      this.probe = probe;
    }
  }

  // Guards and shares.

  @Override
  public Guard guard(Path disk) {
    return held("guard " + disk, disk, file -> guard(disk, file));
  }

  @Override
  public Share share(Path disk) {
    return held("share " + disk, disk, file -> share(disk, file));
  }

  private <T> T held(String step, Path disk, Task<T> task) {
    try {
      return inTurn(disk, task)
          .orElseThrow(() -> new NotFoundException(Failure.line(step, "nothing is there")));
    } catch (IOException e) {
      throw Failure.of(step, e);
    }
  }

  private Guard guard(Path disk, FileIdentity file) throws IOException {
    Held held = hold(disk, file);
    try {
      if (held.guards == 0) {
        require(disk, held.probe.keepWritersOut());
      }
      requireNoWriter(disk, held.probe);
      held.guards++;
      return new FileGuard(disk, file, held);
    } finally {
      endUnused(file, held);
    }
  }

  private Share share(Path disk, FileIdentity file) throws IOException {
    Held held = hold(disk, file);
    try {
      require(disk, held.probe.keepReadersIn());
      require(disk, held.probe.loneReaders());
      held.shares++;
      return new FileShare(disk, file, held);
    } finally {
      endUnused(file, held);
    }
  }

  private Held hold(Path disk, FileIdentity file) throws IOException {
    @Nullable Held shared = HELD.get(file);
    if (shared != null) {
      return shared;
    }
    Held first = new Held(open(disk, file));
    HELD.put(file, first);
    return first;
  }

  /** Ends the locks that no guard and no share needs. */
  private static void endUnused(FileIdentity file, Held held) throws IOException {
    if (held.guards == 0 && held.shares == 0) {
      HELD.remove(file, held);
      held.probe.close();
    } else if (held.guards == 0) {
      held.probe.letWritersIn();
    }
  }

  private void requireNoWriter(Path disk, ImageProbe probe) throws IOException {
    require(disk, probe.loneReaders());
    require(disk, probe.named(probe.users(Usage.WRITING), Usage.WRITING));
  }

  private void require(Path disk, Users nobody) {
    if (nobody instanceof Somebody somebody) {
      throw new RefusedException(Failure.oneLine(disk + " is " + somebody.clause()));
    }
    if (nobody instanceof Unknown unknown && otherwise == WhenLocksCantBeAsked.KEEP_EVERYTHING) {
      throw new RefusedException(
          Failure.oneLine(disk + " " + unknown.clause()), new Remedy.ConfirmUnused(disk));
    }
  }

  /** One share of a file. */
  private static class FileShare implements Share {

    final Path disk;
    final FileIdentity file;
    final Held held;
    boolean closed;

    FileShare(Path disk, FileIdentity file, Held held) {
      this.disk = disk;
      this.file = file;
      this.held = held;
    }

    @Override
    public void close() {
      Lock turn = TURNS.get(file);
      turn.lock();
      try {
        if (!closed) {
          closed = true;
          release();
          endUnused(file, held);
        }
      } catch (IOException e) {
        throw Failure.of("end the locks of " + disk, e);
      } finally {
        turn.unlock();
      }
    }

    void release() {
      held.shares--;
    }
  }

  /** One guard of a file. */
  private final class FileGuard extends FileShare implements Guard {

    FileGuard(Path disk, FileIdentity file, Held held) {
      super(disk, file, held);
    }

    @Override
    public void checkNoWriter() {
      Lock turn = TURNS.get(file);
      turn.lock();
      try {
        checkState(!closed, "the guard of %s is closed", disk);
        requireNoWriter(disk, held.probe);
      } catch (IOException e) {
        throw Failure.of("check who writes to " + disk, e);
      } finally {
        turn.unlock();
      }
    }

    @Override
    void release() {
      held.guards--;
    }
  }

  // Questions.

  @Override
  public Optional<String> openedBy(Path image) {
    return usersOf(image, Usage.ANY, "may be open");
  }

  @Override
  public Optional<String> writtenBy(Path disk) {
    return usersOf(disk, Usage.WRITING, "may be open for writing");
  }

  private Optional<String> usersOf(Path image, Usage usage, String doubt) {
    try {
      return inTurn(image, file -> users(image, file, usage)).flatMap(this::clause);
    } catch (IOException e) {
      return Optional.of(Failure.oneLine(doubt + ": " + Failure.reasonOf(e)));
    }
  }

  private Optional<String> clause(Users users) {
    if (users instanceof Somebody somebody) {
      return Optional.of(somebody.clause());
    }
    if (users instanceof Unknown unknown && otherwise == WhenLocksCantBeAsked.KEEP_EVERYTHING) {
      return Optional.of(unknown.clause());
    }
    return Optional.empty();
  }

  private Users users(Path image, FileIdentity file, Usage usage) throws IOException {
    Asked asked = ask(image, file, usage);
    Duration pause = FIRST_PAUSE;
    while (pause.compareTo(PATIENCE) < 0 && mayBeOneWhoAsks(asked.users, usage)) {
      Uninterruptibles.sleepUninterruptibly(pause);
      pause = pause.multipliedBy(2);
      asked = ask(image, file, usage);
    }
    return asked.probe.named(asked.users, usage);
  }

  private static boolean mayBeOneWhoAsks(Users users, Usage usage) {
    return usage == Usage.ANY && users instanceof Somebody;
  }

  /**
   * What a probe has answered. It is closed but if it guards the file: to search for processes
   * takes long, and what asks meanwhile in another process would find it.
   */
  private record Asked(ImageProbe probe, Users users) {}

  private Asked ask(Path image, FileIdentity file, Usage usage) throws IOException {
    @Nullable Held shared = HELD.get(file);
    if (shared != null) {
      return new Asked(shared.probe, shared.probe.users(usage));
    }
    try (ImageProbe probe = open(image, file)) {
      return new Asked(probe, probe.users(usage));
    }
  }

  // Turns.

  /** What is to be done with a file while no other thread of this process has a probe of it. */
  @FunctionalInterface
  private interface Task<T> {
    T run(FileIdentity file) throws IOException;
  }

  /** Another file has taken the path, or nothing has, since its status was asked for. */
  private static final class ReplacedException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** Does something with the file that a path names; empty if nothing is there. */
  private <T> Optional<T> inTurn(Path path, Task<T> task) throws IOException {
    while (true) {
      Optional<FileStatus> status = system.directStatus(path);
      if (status.isEmpty()) {
        return Optional.empty();
      }
      if (!status.get().isRegularFile()) {
        throw new FileSystemException(path.toString(), null, "not a regular file");
      }
      FileIdentity file = status.get().identity();
      Lock turn = TURNS.get(file);
      turn.lock();
      try {
        return Optional.of(task.run(file));
      } catch (ReplacedException e) {
        // Then it is that one that is asked about.
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
}
