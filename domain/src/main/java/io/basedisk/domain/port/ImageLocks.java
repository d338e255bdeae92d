package io.basedisk.domain.port;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Keeps operations and running VMs apart, by QEMU's image locks and by what the kernel knows of
 * open files.
 *
 * <p>Locks alone do not do: QEMU opens a file first and locks it later, and may be told not to lock
 * at all. So a disk is <i>guarded</i> first, which keeps writers from starting on its file from
 * then on; then it is asked whether the file has a writer already; and once the file has lost the
 * name by which VMs open it, it is asked again, since by then no new writer can come.
 *
 * <pre>{@code
 * try (ImageLocks.Guard guard = imageLocks.guard(disk)) { // refused if it has a writer
 *   ... // the disk's name becomes another file's
 *   guard.checkNoWriter(); // refused if one opened it in between: everything is put back
 * }
 * }</pre>
 *
 * <p>A disk that is only read, while its VM is known to pause, is <i>shared</i> instead.
 *
 * <p>Nothing here writes to an image, and nothing that only asks keeps a VM from starting.
 * Implementations are safe for many threads. To implement one, extend {@code ImageLocksContract} in
 * a test.
 */
public interface ImageLocks {

  /**
   * Guards the file that {@code disk} names now: as long as the guard is held, a program that keeps
   * to QEMU's image locks can't start to write to that file, whatever its name is by then. Readers
   * can start, and so can anybody on another file that takes the name.
   *
   * @throws io.basedisk.domain.error.NotFoundException if nothing is there
   * @throws io.basedisk.domain.error.RefusedException if the file has a writer, or a program that
   *     forbids others to read it; it names the file and, where that can be told, the process
   */
  Guard guard(Path disk);

  /**
   * Reads along with whoever may be writing to the file that {@code disk} names now: as long as the
   * share is held, a program that keeps to QEMU's image locks can't start to forbid others to read
   * that file, whatever its name is by then. Writers can start, and go on: that they pause is the
   * caller's to know.
   *
   * @throws io.basedisk.domain.error.NotFoundException if nothing is there
   * @throws io.basedisk.domain.error.RefusedException if a program forbids others to read the file;
   *     it names the file and, where that can be told, the process
   */
  Share share(Path disk);

  /**
   * Returns who has a file open, in whatever way, as a clause for people: {@code open in process 42
   * (qemu-system-x86)}; empty if nobody has, or there is no such file. Where that can't be told,
   * for an I/O error too, the answer is that somebody may have.
   *
   * <p>The calling process counts too, but for what this port itself has open.
   */
  Optional<String> openedBy(Path image);

  /**
   * Returns who may be writing to a disk, as a clause for people; empty if nobody is, or there is
   * no such disk. It only asks. Where that can't be told, the answer is that somebody may be.
   */
  Optional<String> writtenBy(Path disk);

  /** A file that others can't forbid to read; to close it again has no effect. */
  interface Share extends AutoCloseable {

    @Override
    void close();
  }

  /** A guarded file; to close it again has no effect. */
  interface Guard extends Share {

    /**
     * Checks that nobody has the guarded file open for writing, whether or not they keep to locks.
     *
     * @throws io.basedisk.domain.error.RefusedException if somebody has; it names the file and,
     *     where that can be told, the process
     */
    void checkNoWriter();
  }
}
