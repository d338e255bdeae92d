package io.basedisk.domain.home;

import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.UnseenOriginalException;
import io.basedisk.domain.home.HomeRelocation.Told;
import io.basedisk.domain.home.OldPlace.Sight;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.Relocation;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** Decides whether a home that is not where its store says was moved there, or is a copy. */
final class MovedOrCopied {

  private final Path home;
  private final OldPlace oldPlace;

  MovedOrCopied(HomeLayout home, DiskFiles files) {
    this.home = home.home();
    this.oldPlace = new OldPlace(home, files);
  }

  /**
   * Returns whether the home is a copy.
   *
   * @param from where the home was
   * @param isDeviceKnown as for {@link OldPlace#look}
   * @param leavesDisks whether a copy would leave disks behind that stand on this home
   * @throws RefusedException if that can't be told, or the caller contradicts what is seen
   */
  boolean isCopy(HomeIdentity from, boolean isDeviceKnown, Told told, BooleanSupplier leavesDisks) {
    return switch (oldPlace.look(from, isDeviceKnown)) {
      case THIS_HOME -> throw sameHome(from.path());
      case ORIGINAL -> isCopyBesideOriginal(from.path(), told);
      case GONE -> isCopyWithoutOriginal(from.path(), told, leavesDisks);
      case UNSEEN -> isCopyAsTold(from.path(), told);
    };
  }

  private boolean isCopyBesideOriginal(Path original, Told told) {
    if (told == Told.MOVED) {
      throw new RefusedException(
          home + ": was not moved: " + original + " still holds the home",
          new Remedy.RelocateAsCopy());
    }
    return true;
  }

  private boolean isCopyWithoutOriginal(Path old, Told told, BooleanSupplier leavesDisks) {
    if (told == Told.COPIED && leavesDisks.getAsBoolean()) {
      throw new RefusedException(
          home
              + ": "
              + old
              + " holds no original any more, and disks outside of the home stand on this one",
          new Remedy.RelocateAsMoved());
    }
    return told == Told.COPIED;
  }

  private boolean isCopyAsTold(Path old, Told told) {
    if (told == Told.NOTHING) {
      throw new UnseenOriginalException(home, old);
    }
    return told == Told.COPIED;
  }

  /**
   * Checks that no other copy of this home can complete an interrupted relocation.
   *
   * @throws RefusedException if the home is still where that relocation took it
   */
  void checkAlone(Relocation interrupted, Told told) {
    HomeIdentity to = interrupted.to();
    for (HomeId id : new HomeId[] {to.id(), interrupted.from().id()}) {
      Sight sight = oldPlace.look(new HomeIdentity(id, to.path(), to.directory()), true);
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
      if (sight == Sight.UNSEEN && told == Told.NOTHING) {
        throw new UnseenOriginalException(home, to.path());
      }
    }
  }

  private RefusedException sameHome(Path other) {
    return new RefusedException(
        home + ": is the same home as " + other + ", under another name; use it by that name");
  }
}
