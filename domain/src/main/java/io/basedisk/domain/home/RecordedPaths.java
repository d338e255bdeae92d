package io.basedisk.domain.home;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The paths in the first records of a store. They tell for which home a store without an identity
 * was made.
 */
record RecordedPaths(boolean isEmpty, ImmutableList<Path> baseFiles, ImmutableList<Box> boxes) {

  private static final int ENOUGH = 1000;

  static RecordedPaths in(StoreView view) {
    ImmutableList<BaseDisk> bases = view.bases().listAfter((@Nullable BaseDiskId) null, ENOUGH);
    ImmutableList<Box> boxes = view.boxes().listAfter((@Nullable BoxId) null, ENOUGH);
    ImmutableList<DeletingBase> deleting = view.pendingDeletes().list();
    return new RecordedPaths(
        bases.isEmpty() && boxes.isEmpty() && deleting.isEmpty() && view.intents().list().isEmpty(),
        Stream.concat(
                bases.stream()
                    .filter(base -> !base.diskInfo().isForeign())
                    .map(base -> base.diskInfo().basePath()),
                deleting.stream().map(DeletingBase::path))
            .collect(ImmutableList.toImmutableList()),
        boxes);
  }

  /** {@return the home that the records belong to, if it is not {@code home}} */
  Optional<Path> homeElsewhere(HomeLayout home) {
    return Stream.concat(
            baseFiles.stream().flatMap(file -> homeOfBase(file).stream()),
            boxes.stream().flatMap(box -> homeOfBox(box).stream()))
        .filter(path -> !path.equals(home.home()))
        .findFirst();
  }

  private static Optional<Path> homeOfBase(Path file) {
    return Optional.ofNullable(file.getParent()).map(Path::getParent);
  }

  /** {@return the home of a box whose disks are in the usual place, {@code boxes/<box>/disks}} */
  private static Optional<Path> homeOfBox(Box box) {
    Path boxDirectory = box.disksDir().getParent();
    Path boxes = boxDirectory == null ? null : boxDirectory.getParent();
    Path home = boxes == null ? null : boxes.getParent();
    return home != null && new HomeLayout(home).disksDirectory(box.id()).equals(box.disksDir())
        ? Optional.of(home)
        : Optional.empty();
  }
}
