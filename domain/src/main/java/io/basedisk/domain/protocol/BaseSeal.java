package io.basedisk.domain.protocol;

import io.basedisk.domain.gc.HeaderSurvey;
import io.basedisk.domain.model.BaseDescription;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.PlannedBase;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * The end of the making of a base's file: it says what it is, and can't be written to any more; and
 * the check before such a file is removed again. Safe for many threads.
 */
public final class BaseSeal {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final HeaderSurvey survey;

  /** The home's id, once it was read: it does not change while the home is open. */
  private volatile @Nullable HomeId homeId;

  @Inject
  BaseSeal(HomeLayout home, BaseDiskStore store, DiskFiles files, HeaderSurvey survey) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.survey = survey;
  }

  /**
   * Lets the file of a base say what it is, and seals it. It can be repeated.
   *
   * @param file the file, at its final path or at a temporary one
   * @param parent the base that it stands on; null for none
   * @param createdAt when the base was made, as its record says
   */
  void seal(PlannedBase base, Path file, @Nullable BaseDiskId parent, Instant createdAt) {
    identity()
        .ifPresent(
            id ->
                files.describe(
                    file,
                    new BaseDescription(
                        id,
                        base.id(),
                        base.kind(),
                        base.name(),
                        base.sourceBoxId(),
                        parent,
                        createdAt)));
    files.seal(file, ownerOfHome());
  }

  private Optional<HomeId> identity() {
    if (homeId == null) {
      homeId = store.read(view -> view.home().findIdentity()).map(HomeIdentity::id).orElse(null);
    }
    return Optional.ofNullable(homeId);
  }

  private int ownerOfHome() {
    return files.status(home.home()).map(FileStatus::owner).orElse(0);
  }

  /**
   * Returns why the file of a base that was planned must not be removed: an image in the home
   * stands on it, so that its operation was completed once, and an older store has brought its
   * intent back.
   */
  Optional<String> reasonToStay(PlannedBase base) {
    return files.status(base.path()).isPresent() && survey.run().isBackedOnto(base.id())
        ? Optional.of(base.path() + " is not recorded, and a disk or base stands on it")
        : Optional.empty();
  }
}
