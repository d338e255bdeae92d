package io.basedisk.domain;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.port.ImageLocks;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** The guards of several disks, all taken or none. */
final class DiskGuards implements AutoCloseable {

  private final Deque<ImageLocks.Guard> guards = new ArrayDeque<>();

  private DiskGuards() {}

  /**
   * Guards every one of {@code disks}.
   *
   * @throws io.basedisk.domain.error.RefusedException if one of them has a writer
   */
  static DiskGuards of(ImageLocks imageLocks, ImmutableList<Path> disks) {
    DiskGuards taken = new DiskGuards();
    try {
      disks.forEach(disk -> taken.guards.push(imageLocks.guard(disk)));
      return taken;
    } catch (RuntimeException | Error refusal) {
      taken.close();
      throw refusal;
    }
  }

  @Override
  public void close() {
    guards.forEach(ImageLocks.Guard::close);
    guards.clear();
  }
}
