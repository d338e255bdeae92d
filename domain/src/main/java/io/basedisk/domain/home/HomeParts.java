package io.basedisk.domain.home;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.HomeUnusableException.Problem;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.home.HomeRelocation.Told;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.OperationLocks;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is asked to plan a relocation, and the checks that every plan needs.
 *
 * @param home the home as it is now
 */
record HomeParts(
    HomeLayout home,
    DiskFiles files,
    DiskImages images,
    ImageLocks imageLocks,
    OperationLocks locks) {

  /** Returns the real path of the home as it is now. */
  Path path() {
    return home.home();
  }

  IdentityFile identityFile() {
    return new IdentityFile(home, files);
  }

  void checkIsNamed(Optional<HomeId> named, HomeId... ids) {
    if (named.isPresent() && !ImmutableList.copyOf(ids).contains(named.get())) {
      throw new HomeUnusableException(
          Problem.FOREIGN_STORE,
          home.identityFile() + ": names another home than the store, which belongs to " + ids[0]);
    }
  }

  void checkNothingTold(Told told) {
    if (told != Told.NOTHING) {
      throw new RefusedException(
          path() + ": is where its store says; it was neither moved nor copied");
    }
  }

  void checkNothingUnderWay(RecordedHome recorded, Problems problems) {
    for (Intent intent : recorded.intents()) {
      Optional<OperationLocks.Held> dead = locks.tryAcquire(intent.id());
      dead.ifPresent(OperationLocks.Held::close);
      if (dead.isEmpty()) {
        problems.add("operation " + intent.id() + " is under way");
      }
    }
  }
}
