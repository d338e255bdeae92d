package io.basedisk.domain.port;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Keeps operations and running VMs from using a disk at the same time, with QEMU's image locks and
 * the kernel's lists of open files.
 *
 * <p>Locks alone are not enough: QEMU opens a file before it locks it, and can be told not to lock
 * at all. An operation therefore takes three steps. It <i>guards</i> the disk, so that new writers
 * can't start. It checks that the file has no writer. It checks again when the file has lost the
 * name by which VMs open it: from then on, no new writer can appear.
 *
 * <pre>{@code
 * try (ImageLocks.Guard guard = imageLocks.guard(disk)) { // refused if it has a writer
 *   ... // the disk's name becomes another file's
 *   guard.checkNoWriter(); // refused if a writer opened it before the rename: roll back
 * }
 * }</pre>
 *
 * <p>To read a disk whose VM is paused, an operation <i>shares</i> the disk instead.
 *
 * <p>No method writes to an image. {@link #openedBy} and {@link #writtenBy} take no lock that keeps
 * a VM from starting. Implementations are thread-safe. To implement one, extend {@code
 * ImageLocksContract} in a test.
 */
public interface ImageLocks {

  /**
   * Guards a disk's file against new writers. Until the guard is closed, a program with QEMU's
   * image locks can't start to write to the file, even if it is renamed. Readers can start. Another
   * file that takes the name is not guarded.
   *
   * @param disk path of the disk
   * @return the guard, for the caller to close
   * @throws io.basedisk.domain.error.NotFoundException if nothing is there
   * @throws io.basedisk.domain.error.RefusedException if a program writes to the file, or locks it
   *     against readers; names the file and, if known, the process
   */
  Guard guard(Path disk);

  /**
   * Shares a disk's file with its writers. Until the share is closed, a program with QEMU's image
   * locks can't lock the file against readers, even if it is renamed. Writers can start and
   * continue: the caller makes sure that they pause.
   *
   * @param disk path of the disk
   * @return the share, for the caller to close
   * @throws io.basedisk.domain.error.NotFoundException if nothing is there
   * @throws io.basedisk.domain.error.RefusedException if a program locks the file against readers;
   *     names the file and, if known, the process
   */
  Share share(Path disk);

  /**
   * {@return which process has a file open, for reading or writing, as a clause for a message:
   * {@code open in process 42 (qemu-system-x86)}} Empty if no process has, or the file does not
   * exist. If the kernel can't say, or on an I/O error, the clause says that a process may have it
   * open.
   *
   * <p>The calling process counts too, except for this port's own open files.
   *
   * @param image path of the image
   */
  Optional<String> openedBy(Path image);

  /**
   * {@return which process may be writing to a disk, as a clause for a message} Empty if no process
   * is, or the disk does not exist. If the kernel can't say, the clause says that a process may be
   * writing.
   *
   * @param disk path of the disk
   */
  Optional<String> writtenBy(Path disk);

  /** A file that programs can't lock against readers. A second close has no effect. */
  interface Share extends AutoCloseable {

    @Override
    void close();
  }

  /** A file that programs can't start to write to. A second close has no effect. */
  interface Guard extends Share {

    /**
     * Checks that no process has the guarded file open for writing, with or without image locks.
     *
     * @throws io.basedisk.domain.error.RefusedException if a process has; names the file and, if
     *     known, the process
     */
    void checkNoWriter();
  }
}
