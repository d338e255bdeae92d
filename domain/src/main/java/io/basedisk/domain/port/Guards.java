package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** The guards of several disks as one: all taken, or none. */
public final class Guards implements ImageLocks.Guard {

  private final Deque<ImageLocks.Guard> guards = new ArrayDeque<>();

  private Guards() {}

  /**
   * Guards all disks.
   *
   * @param imageLocks the locks
   * @param disks the paths of the disks
   * @return the guards, for the caller to close
   * @throws io.basedisk.domain.error.RefusedException if a process has one of them open for writing
   */
  public static Guards of(ImageLocks imageLocks, ImmutableList<Path> disks) {
    Guards taken = new Guards();
    try {
      disks.forEach(disk -> taken.guards.push(imageLocks.guard(disk)));
      return taken;
    } catch (RuntimeException | Error refusal) {
      taken.close();
      throw refusal;
    }
  }

  @Override
  public void checkNoWriter() {
    guards.forEach(ImageLocks.Guard::checkNoWriter);
  }

  @Override
  public void close() {
    guards.forEach(ImageLocks.Guard::close);
    guards.clear();
  }
}
