package io.basedisk.domain.protocol;

import io.basedisk.domain.gc.HeaderSurvey;
import io.basedisk.domain.model.BaseDescription;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.intent.PlannedBase;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Completes the file of a new base: writes the base's description into it and makes it read-only.
 * Also checks whether an interrupted operation may remove such a file. Thread-safe.
 */
public final class BaseSeal {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final HeaderSurvey survey;

  /** The home's id, cached: it does not change while the home is open. */
  private volatile @Nullable HomeId homeId;

  @Inject
  BaseSeal(HomeLayout home, BaseDiskStore store, DiskFiles files, HeaderSurvey survey) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.survey = survey;
  }

  /**
   * Writes the description of a qcow2 base into its file and seals the file. Repeatable.
   *
   * @param file the file, at its final path or at a temporary one
   * @param parent the parent base; null for none
   * @param createdAt when the base was made, as its record says
   */
  void seal(PlannedBase base, Path file, @Nullable BaseDiskId parent, Instant createdAt) {
    seal(base, file, parent, createdAt, ImageFormat.QCOW2);
  }

  /**
   * Writes a base's description into its file and seals the file. Repeatable.
   *
   * @param file the file, at its final path or at a temporary one
   * @param parent the parent base; null for none
   * @param createdAt when the base was made, as its record says
   * @param format format of the file
   */
  void seal(
      PlannedBase base,
      Path file,
      @Nullable BaseDiskId parent,
      Instant createdAt,
      ImageFormat format) {
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
                        createdAt,
                        format)));
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
   * {@return why the file of a planned base must stay; empty if it may be removed} The file stays
   * if an image in the home is backed by it: then its operation was once complete, and restoring an
   * older store brought the intent back.
   */
  Optional<String> reasonToStay(PlannedBase base) {
    return reasonToStay(base.id(), base.path());
  }

  /**
   * {@return why the file of a planned base must stay, as the other {@code reasonToStay}}
   *
   * @param base id of the planned base
   * @param file path of its file
   */
  Optional<String> reasonToStay(BaseDiskId base, Path file) {
    return files.status(file).isPresent() && survey.run().isBackedOnto(base)
        ? Optional.of(file + " is not recorded, and a disk or base backs onto it")
        : Optional.empty();
  }
}
