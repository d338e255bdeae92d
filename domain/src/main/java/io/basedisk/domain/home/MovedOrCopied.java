package io.basedisk.domain.home;

import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.UnseenOriginalException;
import io.basedisk.domain.home.HomeRelocation.Declared;
import io.basedisk.domain.home.OldHome.Sight;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.Relocation;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** Decides whether a home that is not at the path in its store was moved or copied. */
final class MovedOrCopied {

  private final Path home;
  private final OldHome oldHome;

  MovedOrCopied(HomeLayout home, DiskFiles files) {
    this.home = home.home();
    this.oldHome = new OldHome(home, files);
  }

  /**
   * {@return whether the home is a copy}
   *
   * @param from the id and the old path of the home
   * @param isDeviceKnown as for {@link OldHome#look}
   * @param declared what the caller declares
   * @param leavesDisks whether, if the home is a copy, the original keeps disks that back onto this
   *     home
   * @throws RefusedException if it is unclear, or {@code declared} is wrong
   */
  boolean isCopy(
      HomeIdentity from, boolean isDeviceKnown, Declared declared, BooleanSupplier leavesDisks) {
    return switch (oldHome.look(from, isDeviceKnown)) {
      case THIS_HOME -> throw sameHome(from.path());
      case ORIGINAL -> isCopyBesideOriginal(from.path(), declared);
      case GONE -> isCopyWithoutOriginal(from.path(), declared, leavesDisks);
      case UNKNOWN -> isCopyAsDeclared(from.path(), declared);
    };
  }

  private boolean isCopyBesideOriginal(Path original, Declared declared) {
    if (declared == Declared.MOVED) {
      throw new RefusedException(
          home + ": was not moved: " + original + " still holds the home",
          new Remedy.RelocateAsCopy());
    }
    return true;
  }

  private boolean isCopyWithoutOriginal(Path old, Declared declared, BooleanSupplier leavesDisks) {
    if (declared == Declared.COPIED && leavesDisks.getAsBoolean()) {
      throw new RefusedException(
          home
              + ": "
              + old
              + " has no original any more, and disks outside the home back onto this one",
          new Remedy.RelocateAsMoved());
    }
    return declared == Declared.COPIED;
  }

  private boolean isCopyAsDeclared(Path old, Declared declared) {
    if (declared == Declared.NOTHING) {
      throw new UnseenOriginalException(home, old);
    }
    return declared == Declared.COPIED;
  }

  /**
   * Checks that no other copy of this home can complete the interrupted relocation.
   *
   * @throws RefusedException if a home with its id is still at the path that it relocated to
   */
  void checkAlone(Relocation interrupted, Declared declared) {
    HomeIdentity to = interrupted.to();
    for (HomeId id : new HomeId[] {to.id(), interrupted.from().id()}) {
      Sight sight = oldHome.look(new HomeIdentity(id, to.path(), to.directory()), true);
      if (sight == Sight.THIS_HOME) {
        throw sameHome(to.path());
      }
      if (sight == Sight.ORIGINAL) {
        throw new RefusedException(
            home
                + ": was copied from "
                + to.path()
                + " while that was being relocated; complete that first, then copy again");
      }
      if (sight == Sight.UNKNOWN && declared == Declared.NOTHING) {
        throw new UnseenOriginalException(home, to.path());
      }
    }
  }

  private RefusedException sameHome(Path other) {
    return new RefusedException(home + ": is the same home as " + other + "; use that name");
  }
}
