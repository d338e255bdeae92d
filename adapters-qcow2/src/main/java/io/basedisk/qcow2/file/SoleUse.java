package io.basedisk.qcow2.file;

import com.google.common.util.concurrent.Uninterruptibles;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.WhenLocksCantBeAsked;
import io.basedisk.qcow2.file.Users.Nobody;
import io.basedisk.qcow2.file.Users.Somebody;
import io.basedisk.qcow2.file.Users.Unknown;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.os.Usage;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * An image file that nobody else uses, for as long as this is held: what a change in place of its
 * tables needs, and the replacement of it by another file.
 *
 * <p>It holds the image locks of a writer that shares nothing, as QEMU does ({@code qemu-img check
 * -r}), so that whoever keeps to locks can't start on the file; and those who don't keep to them
 * are looked for in the way of {@link FileImageLocks}. A program that opens the file later, without
 * locks, is not seen.
 */
public final class SoleUse implements AutoCloseable {

  /** How long to wait for somebody who only asks, and is done in an instant. */
  private static final Duration PATIENCE = Duration.ofMillis(15);

  private final OperatingSystem system;
  private final Path image;
  private final ImageProbe probe;

  private SoleUse(OperatingSystem system, Path image, ImageProbe probe) {
    this.system = system;
    this.image = image;
    this.probe = probe;
  }

  /**
   * Takes the sole use of a file.
   *
   * @param image its real path
   * @param otherwise what to do where it can't be told who uses it
   * @throws NotFoundException if nothing is there
   * @throws RefusedException if somebody uses it, or if it has other names: it may be somebody's
   *     base by one of them
   * @throws io.basedisk.domain.error.StorageException if it is not a regular file or can't be asked
   */
  public static SoleUse of(Path image, OperatingSystem system, WhenLocksCantBeAsked otherwise) {
    try {
      ImageProbe probe = new ImageProbe(system.probe(image));
      boolean taken = false;
      try {
        SoleUse use = new SoleUse(system, image, probe);
        use.requireNobody(otherwise);
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

  private void requireNobody(WhenLocksCantBeAsked otherwise) throws IOException {
    Users users = users();
    Duration pause = Duration.ofMillis(1);
    while (users instanceof Somebody && pause.compareTo(PATIENCE) < 0) {
      Uninterruptibles.sleepUninterruptibly(pause);
      pause = pause.multipliedBy(2);
      users = users();
    }
    Users named = probe.named(users, Usage.ANY);
    if (named instanceof Somebody somebody) {
      throw new RefusedException(Failure.oneLine(image + " is " + somebody.clause()));
    }
    if (named instanceof Unknown unknown && otherwise == WhenLocksCantBeAsked.KEEP_EVERYTHING) {
      throw new RefusedException(
          Failure.oneLine(image + " " + unknown.clause()), new Remedy.ConfirmUnused(image));
    }
  }

  private Users users() throws IOException {
    Users locked = probe.lockAsWriter();
    return locked instanceof Nobody ? probe.users(Usage.ANY) : locked;
  }

  /**
   * Checks that the path still names the file that is held, and that this is its only name. Whoever
   * has opened the path since has opened this file, if they ask after that.
   *
   * @throws RefusedException if it does not
   */
  public void requireUnchanged() {
    FileStatus status;
    try {
      status = system.directStatus(image).orElse(null);
    } catch (IOException e) {
      throw Failure.of("look at " + image, e);
    }
    if (status == null || !status.identity().equals(probe.identity())) {
      throw new RefusedException(Failure.oneLine(image + " was replaced meanwhile"));
    }
    if (status.links() > 1) {
      throw new RefusedException(
          Failure.oneLine(image + " has " + status.links() + " names: one of them may be a base"));
    }
  }

  /** Lets others use the file; again, it has no effect. */
  @Override
  public void close() {
    try {
      probe.close();
    } catch (IOException e) {
      throw Failure.of("unlock " + image, e);
    }
  }
}
