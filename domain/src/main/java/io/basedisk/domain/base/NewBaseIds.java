package io.basedisk.domain.base;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import java.util.random.RandomGenerator;
import javax.inject.Inject;

/** Makes the ids of new bases. Thread-safe. */
public final class NewBaseIds {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final RandomGenerator random;

  @Inject
  NewBaseIds(HomeLayout home, BaseDiskStore store, DiskFiles files, RandomGenerator random) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.random = random;
  }

  /** {@return an id that neither a base nor a file in the bases directory has} */
  public BaseDiskId unused() {
    return BaseDiskId.mintUnused(
        random, id -> files.status(home.baseFile(id)).isPresent() || isRecorded(id));
  }

  private boolean isRecorded(BaseDiskId id) {
    return store.read(view -> view.bases().find(id)).isPresent();
  }
}
