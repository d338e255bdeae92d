package io.basedisk.domain.adopt;

import io.basedisk.domain.base.BaseInspection;
import io.basedisk.domain.lineage.Ancestry;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;

/** What the store of an open home has recorded. Thread-safe. */
final class StoredFiles implements RecordedFiles {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final BaseInspection inspection;

  @Inject
  StoredFiles(HomeLayout home, BaseDiskStore store, DiskFiles files, BaseInspection inspection) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.inspection = inspection;
  }

  @Override
  public Optional<BaseDisk> baseAt(Path file) {
    return store.read(view -> view.bases().findByPath(file));
  }

  @Override
  public Optional<BoxId> boxWithDisk(Path file) {
    return store.read(view -> view.boxes().findByDisk(file)).map(Box::id);
  }

  @Override
  public boolean isTaken(BoxId box) {
    return files.status(home.boxDirectory(box)).isPresent()
        || store.<Boolean>read(
            view ->
                view.boxes().find(box).isPresent()
                    || view.intents().list().stream()
                        .flatMap(intent -> intent.boxes().stream())
                        .anyMatch(claim -> claim.box().equals(box)));
  }

  @Override
  public boolean isTaken(BaseDiskId base) {
    return files.status(home.baseFile(base)).isPresent()
        || store.<Boolean>read(
            view ->
                view.bases().find(base).isPresent()
                    || view.pendingDeletes().list().stream()
                        .anyMatch(deleting -> deleting.id().equals(base)));
  }

  @Override
  public boolean isTaken(RootfsKey key) {
    return store.<Boolean>read(view -> view.bases().findByKey(key).isPresent());
  }

  @Override
  public int layersOf(BaseDiskId base) {
    return store.<Integer>read(view -> Ancestry.from(view, base).size());
  }

  @Override
  public void requireIntact(BaseDiskId base) {
    inspection.requireIntact(base);
  }
}
