package io.basedisk.qcow2.file;

import com.google.common.util.concurrent.Uninterruptibles;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.FileStatus.FileType;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.qcow2.file.Users.InUse;
import io.basedisk.qcow2.file.Users.Unknown;
import io.basedisk.qcow2.file.Users.Unused;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.os.Usage;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Exclusive use of an image file or block device, until it is closed. A change of an image's tables
 * in place needs it, and so does its replacement by another file.
 *
 * <p>It holds the image locks of an exclusive writer, as {@code qemu-img check -r} does, so that no
 * program with image locks can open the file. It finds programs without locks in the same way as
 * {@link FileImageLocks}. A program without locks that opens the file later is not seen.
 */
public final class SoleUse implements AutoCloseable {

  /** Total time to wait for a process that only probes the file, for an instant. */
  private static final Duration TIMEOUT = Duration.ofMillis(15);

  /** The same for a device. After each writer, the system's device manager reads it for a while. */
  private static final Duration TIMEOUT_OF_DEVICE = Duration.ofSeconds(2);

  private final OperatingSystem system;
  private final Path image;
  private final FileType type;
  private final ImageProbe probe;

  private SoleUse(OperatingSystem system, Path image, FileType type, ImageProbe probe) {
    this.system = system;
    this.image = image;
    this.type = type;
    this.probe = probe;
  }

  /**
   * Takes exclusive use of a file.
   *
   * @param image the file's real path
   * @param system the system calls to use
   * @param unknownUse what to do if the system can't say which process uses the file
   * @return the exclusive use, for the caller to close
   * @throws NotFoundException if the file does not exist
   * @throws RefusedException if another process uses the file, or if it has other hard links: one
   *     of them may be a base
   * @throws io.basedisk.domain.error.StorageException if it is not a regular file, or can't be
   *     probed
   */
  public static SoleUse of(Path image, OperatingSystem system, UnknownUsePolicy unknownUse) {
    return of(image, FileType.REGULAR_FILE, system, unknownUse);
  }

  /**
   * Takes exclusive use of a block device, as far as processes are concerned. A mount, and another
   * use by the kernel, is not seen. Otherwise like {@link #of}.
   *
   * @param device the device's real path
   * @param system the system calls to use
   * @param unknownUse what to do if the system can't say which process uses the device
   * @return the exclusive use, for the caller to close
   */
  public static SoleUse ofDevice(Path device, OperatingSystem system, UnknownUsePolicy unknownUse) {
    return of(device, FileType.BLOCK_DEVICE, system, unknownUse);
  }

  private static SoleUse of(
      Path image, FileType type, OperatingSystem system, UnknownUsePolicy unknownUse) {
    try {
      ImageProbe probe = new ImageProbe(system.probe(image));
      boolean taken = false;
      try {
        SoleUse use = new SoleUse(system, image, type, probe);
        use.requireUnchanged();
        use.requireUnused(unknownUse);
        use.requireUnchanged();
        taken = true;
        return use;
      } finally {
        if (!taken) {
          probe.close();
        }
      }
    } catch (NoSuchFileException e) {
      throw new NotFoundException(image + ": no such file", e);
    } catch (IOException e) {
      throw Failure.of("lock " + image, e);
    }
  }

  private void requireUnused(UnknownUsePolicy unknownUse) throws IOException {
    Users users = users();
    Duration pause = Duration.ofMillis(1);
    Duration timeout = type == FileType.BLOCK_DEVICE ? TIMEOUT_OF_DEVICE : TIMEOUT;
    while (users instanceof InUse && pause.compareTo(timeout) < 0) {
      Uninterruptibles.sleepUninterruptibly(pause);
      pause = pause.multipliedBy(2);
      users = users();
    }
    Users named = probe.named(users, Usage.ANY);
    if (named instanceof InUse inUse) {
      throw new RefusedException(
          Failure.oneLine(image + " is " + inUse.clause()), new Remedy.EndUse(image));
    }
    if (named instanceof Unknown unknown && unknownUse == UnknownUsePolicy.KEEP) {
      throw new RefusedException(
          Failure.oneLine(image + " " + unknown.clause()), new Remedy.ConfirmUnused(image));
    }
  }

  private Users users() throws IOException {
    Users locked = probe.lockAsWriter();
    Users users = locked instanceof Unused ? probe.users(Usage.ANY) : locked;
    // There are no leases on a device, so that only the process table shows a user without locks.
    return type == FileType.BLOCK_DEVICE ? probe.named(users, Usage.ANY) : users;
  }

  /**
   * Checks that the path still names this file, and that the file has no other hard link. A file
   * that the caller opened by this path before the call, and after {@link #of}, is therefore this
   * file.
   *
   * @throws RefusedException if the check fails
   */
  public void requireUnchanged() {
    FileStatus status;
    try {
      status = system.directStatus(image).orElse(null);
    } catch (IOException e) {
      throw Failure.of("look at " + image, e);
    }
    if (status == null || !status.identity().equals(probe.identity())) {
      throw new RefusedException(Failure.oneLine(image + " was replaced during the operation"));
    }
    if (status.type() != type) {
      throw new StorageException(
          Failure.oneLine(image + " is " + status.type().describe() + ", not " + type.describe()));
    }
    if (type == FileType.REGULAR_FILE && status.links() > 1) {
      throw new RefusedException(
          Failure.oneLine(image + " has " + status.links() + " names: one of them may be a base"));
    }
  }

  /**
   * Checks that a file which the caller opened is this file.
   *
   * @param opened identity of the caller's file
   * @throws RefusedException if it is another file
   */
  public void requireSame(FileIdentity opened) {
    if (!opened.equals(probe.identity())) {
      throw new RefusedException(Failure.oneLine(image + " was replaced during the operation"));
    }
  }

  /** Releases the file. A second call has no effect. */
  @Override
  public void close() {
    try {
      probe.close();
    } catch (IOException e) {
      throw Failure.of("unlock " + image, e);
    }
  }
}
