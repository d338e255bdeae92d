package io.basedisk.qcow2.file;

import static com.google.common.base.Preconditions.checkNotNull;
import static com.google.common.base.Preconditions.checkState;

import com.google.common.util.concurrent.Uninterruptibles;
import io.basedisk.domain.error.FileFailure;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.qcow2.file.SharedProbes.Asked;
import io.basedisk.qcow2.file.SharedProbes.Held;
import io.basedisk.qcow2.file.SharedProbes.Task;
import io.basedisk.qcow2.file.Users.InUse;
import io.basedisk.qcow2.file.Users.Unknown;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.os.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import javax.inject.Inject;

/**
 * Image locks on the files of this machine.
 *
 * <p>QEMU's image locks keep out every program that takes them. A program without locks is found by
 * a lease: the kernel refuses a lease while another process has the file open. On most file
 * systems, the file's owner and a process with the capability {@code CAP_LEASE} can take one.
 * Without a lease, this searches the process table, which shows less: a process of another user is
 * visible only if the caller may trace it. If a process is not visible, {@link UnknownUsePolicy}
 * decides. The search never shows a process of another container, a file that is only mapped into
 * memory, or a use by the kernel itself, for example by a loop device.
 *
 * <p>A program on another machine that does not take locks is not seen.
 *
 * <p>While a probe has its lease, for an instant, another process that opens the file waits. With
 * {@code O_NONBLOCK}, which QEMU does not use, its open fails instead.
 */
public final class FileImageLocks implements ImageLocks {

  /**
   * Total time to wait before an open file counts as in use. A process that only probes the file
   * has it open for an instant.
   */
  private static final Duration TIMEOUT = Duration.ofMillis(15);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(1);

  private final SharedProbes probes;
  private final UnknownUsePolicy unknownUse;

  /**
   * Works with the given system calls.
   *
   * @param system the system calls to use
   * @param unknownUse what to do if the system can't say which process uses a file
   */
  @Inject
  public FileImageLocks(OperatingSystem system, UnknownUsePolicy unknownUse) {
    this.probes = new SharedProbes(checkNotNull(system));
    this.unknownUse = checkNotNull(unknownUse);
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
      return probes
          .inTurn(disk, task)
          .orElseThrow(
              () -> new NotFoundException(Failure.line(step, "no such file or directory")));
    } catch (IOException e) {
      throw Failure.of(step, e);
    }
  }

  private Guard guard(Path disk, FileIdentity file) throws IOException {
    Held held = probes.hold(disk, file);
    try {
      if (held.guards == 0) {
        requireUnused(disk, held.probe().keepWritersOut());
      }
      requireNoWriter(disk, held.probe());
      held.guards++;
      return new FileGuard(disk, file, held);
    } finally {
      SharedProbes.endUnused(file, held);
    }
  }

  private Share share(Path disk, FileIdentity file) throws IOException {
    Held held = probes.hold(disk, file);
    try {
      requireUnused(disk, held.probe().keepReadersIn());
      requireUnused(disk, held.probe().loneReaders());
      held.shares++;
      return new FileShare(disk, file, held);
    } finally {
      SharedProbes.endUnused(file, held);
    }
  }

  private void requireNoWriter(Path disk, ImageProbe probe) throws IOException {
    requireUnused(disk, probe.loneReaders());
    requireUnused(disk, probe.named(probe.users(Usage.WRITING), Usage.WRITING));
  }

  private void requireUnused(Path disk, Users users) {
    if (users instanceof InUse inUse) {
      throw new RefusedException(
          Failure.oneLine(disk + " is " + inUse.clause()), new Remedy.EndUse(disk));
    }
    if (users instanceof Unknown unknown && unknownUse == UnknownUsePolicy.KEEP) {
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
      Lock turn = SharedProbes.turn(file);
      turn.lock();
      try {
        if (!closed) {
          closed = true;
          release();
          SharedProbes.endUnused(file, held);
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
      Lock turn = SharedProbes.turn(file);
      turn.lock();
      try {
        checkState(!closed, "the guard of %s is closed", disk);
        requireNoWriter(disk, held.probe());
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

  // Queries.

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
      return probes.inTurn(image, file -> users(image, file, usage)).flatMap(this::clause);
    } catch (IOException e) {
      return Optional.of(Failure.oneLine(doubt + ": " + FileFailure.reasonOf(e)));
    }
  }

  private Optional<String> clause(Users users) {
    if (users instanceof InUse inUse) {
      return Optional.of(inUse.clause());
    }
    if (users instanceof Unknown unknown && unknownUse == UnknownUsePolicy.KEEP) {
      return Optional.of(unknown.clause());
    }
    return Optional.empty();
  }

  private Users users(Path image, FileIdentity file, Usage usage) throws IOException {
    Asked asked = probes.ask(image, file, usage);
    Duration pause = FIRST_PAUSE;
    while (pause.compareTo(TIMEOUT) < 0 && mayBeProbe(asked.users(), usage)) {
      Uninterruptibles.sleepUninterruptibly(pause);
      pause = pause.multipliedBy(2);
      asked = probes.ask(image, file, usage);
    }
    return asked.probe().named(asked.users(), usage);
  }

  private static boolean mayBeProbe(Users users, Usage usage) {
    return usage == Usage.ANY && users instanceof InUse;
  }
}
