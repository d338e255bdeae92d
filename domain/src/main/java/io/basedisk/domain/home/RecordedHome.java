package io.basedisk.domain.home;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.Relocation;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** All that a store records of its home and the home's files, in one state of the store. */
record RecordedHome(
    Optional<HomeIdentity> identity,
    Optional<Relocation> relocation,
    ImmutableList<BaseDisk> bases,
    ImmutableList<Box> boxes,
    ImmutableList<Reference> references,
    ImmutableList<Intent> intents,
    ImmutableList<DeletingBase> deleting) {

  static RecordedHome read(StoreView view) {
    return new RecordedHome(
        view.home().findIdentity(),
        view.home().findRelocation(),
        view.bases().list(BaseFilter.ALL),
        view.boxes().list(),
        view.references().list(),
        view.intents().list(),
        view.pendingDeletes().list());
  }

  /**
   * {@return the homes that contain the recorded paths} For a store without an identity, they tell
   * where its home was.
   */
  ImmutableSet<Path> homesOfPaths() {
    ImmutableSet<Path> ofBases =
        Stream.concat(
                bases.stream()
                    .filter(base -> !base.diskInfo().isForeign())
                    .map(base -> base.diskInfo().basePath()),
                deleting.stream().map(DeletingBase::path))
            .map(file -> ancestor(file, 2))
            .flatMap(Optional::stream)
            .collect(toImmutableSet());
    return ofBases.isEmpty() ? homesOfBoxes() : ofBases;
  }

  /**
   * {@return the homes of the boxes in usual places} Boxes elsewhere tell nothing about the home.
   */
  private ImmutableSet<Path> homesOfBoxes() {
    return boxes.stream()
        .flatMap(
            box ->
                ancestor(box.disksDir(), 3)
                    .filter(
                        home ->
                            new HomeLayout(home).disksDirectory(box.id()).equals(box.disksDir()))
                    .stream())
        .collect(toImmutableSet());
  }

  private static Optional<Path> ancestor(Path path, int levels) {
    Path ancestor = path;
    for (int i = 0; i < levels && ancestor != null; i++) {
      ancestor = ancestor.getParent();
    }
    return Optional.ofNullable(ancestor);
  }

  /** {@return the boxes whose disks are outside {@code home}} */
  ImmutableList<Box> boxesOutside(Path home) {
    return boxes.stream()
        .filter(box -> !box.disksDir().startsWith(home))
        .collect(toImmutableList());
  }

  /** {@return whether an operation changes a file outside {@code home}} */
  static boolean reachesOutside(Intent intent, Path home) {
    return Stream.concat(
            intent.boxes().stream().map(BoxClaim::disksDir),
            Stream.concat(
                intent.disks().stream().map(DiskClaim::path), intent.createdFiles().stream()))
        .anyMatch(path -> !path.startsWith(home));
  }
}
