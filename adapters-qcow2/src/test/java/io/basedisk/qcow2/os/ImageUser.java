package io.basedisk.qcow2.os;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.testing.ImageLocksContract.Use;
import io.basedisk.domain.testing.ImageLocksContract.User;
import io.basedisk.qcow2.os.Descriptor.Access;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A user of an image in this process, with a descriptor of its own. A user with QEMU's image locks
 * takes them like QEMU: first its own, then it checks for those of others.
 */
public final class ImageUser implements Use {

  private static final int PERMISSION = 100;
  private static final int NOT_SHARED = 200;

  private static final int CONSISTENT_READ = 0;
  private static final int WRITE = 1;
  private static final int RESIZE = 3;

  private final Descriptor descriptor;
  private final LinuxLocks locks;

  private ImageUser(Descriptor descriptor) {
    this.descriptor = descriptor;
    this.locks = new LinuxLocks(descriptor);
  }

  /** Starts to use a file; empty if other users' locks prevent it. */
  public static Optional<Use> start(Path file, User user) {
    try {
      boolean writes = user == User.WRITER || user == User.LOCKING_WRITER;
      ImageUser started =
          new ImageUser(
              Descriptor.open(
                  new SystemCalls(new LinkedLibC()),
                  file,
                  writes ? Access.READ_WRITE : Access.READ));
      if (started.locks(permissionsOf(user), notSharedOf(user))) {
        return Optional.of(started);
      }
      started.close();
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ImmutableSet<Integer> permissionsOf(User user) {
    return switch (user) {
      case WRITER, READER -> ImmutableSet.of();
      case LOCKING_WRITER -> ImmutableSet.of(CONSISTENT_READ, WRITE, RESIZE);
      case LOCKING_READER, LOCKING_LONE_READER -> ImmutableSet.of(CONSISTENT_READ);
    };
  }

  private static ImmutableSet<Integer> notSharedOf(User user) {
    return switch (user) {
      case WRITER, READER -> ImmutableSet.of();
      case LOCKING_WRITER, LOCKING_READER -> ImmutableSet.of(WRITE, RESIZE);
      case LOCKING_LONE_READER -> ImmutableSet.of(CONSISTENT_READ, WRITE, RESIZE);
    };
  }

  private boolean locks(ImmutableSet<Integer> permissions, ImmutableSet<Integer> notShared)
      throws IOException {
    for (int permission : permissions) {
      locks.tryShare(PERMISSION + permission);
    }
    for (int permission : notShared) {
      locks.tryShare(NOT_SHARED + permission);
    }
    boolean alone = true;
    for (int permission : permissions) {
      alone &= !locks.isLockedElsewhere(NOT_SHARED + permission, 1);
    }
    for (int permission : notShared) {
      alone &= !locks.isLockedElsewhere(PERMISSION + permission, 1);
    }
    return alone;
  }

  @Override
  public void close() {
    try {
      descriptor.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
