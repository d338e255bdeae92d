package io.basedisk.domain.home;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.HomeUnusableException.Problem;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.home.HomeRelocation.Declared;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.OperationLocks;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The ports that planning a relocation needs, and the checks common to all plans.
 *
 * @param home the home at its present path
 * @param files the files
 * @param images the disk images
 * @param imageLocks tells which images are open
 * @param locks tells which operations are under way
 */
record HomeParts(
    HomeLayout home,
    DiskFiles files,
    DiskImages images,
    ImageLocks imageLocks,
    OperationLocks locks) {

  /** {@return the present real path of the home} */
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
          home.identityFile() + ": has another home's id; the store belongs to home " + ids[0]);
    }
  }

  void checkNothingDeclared(Declared declared) {
    if (declared != Declared.NOTHING) {
      throw new RefusedException(
          path() + ": is at the path in its store: it was neither moved nor copied");
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
