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
 * Where the first records of a store say that their files are: enough to tell for which home a
 * store was made that does not say so.
 */
record RecordedPlaces(boolean isEmpty, ImmutableList<Path> baseFiles, ImmutableList<Box> boxes) {

  private static final int ENOUGH = 1000;

  static RecordedPlaces in(StoreView view) {
    ImmutableList<BaseDisk> bases = view.bases().listAfter((@Nullable BaseDiskId) null, ENOUGH);
    ImmutableList<Box> boxes = view.boxes().listAfter((@Nullable BoxId) null, ENOUGH);
    ImmutableList<DeletingBase> deleting = view.pendingDeletes().list();
    return new RecordedPlaces(
        bases.isEmpty() && boxes.isEmpty() && deleting.isEmpty() && view.intents().list().isEmpty(),
        Stream.concat(
                bases.stream()
                    .filter(base -> !base.diskInfo().isForeign())
                    .map(base -> base.diskInfo().basePath()),
                deleting.stream().map(DeletingBase::path))
            .collect(ImmutableList.toImmutableList()),
        boxes);
  }

  /** Returns the path of the home that the records are of, if it is another than {@code home}. */
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

  /** A box may have its disks anywhere; those in a home are in {@code boxes/<box>/disks}. */
  private static Optional<Path> homeOfBox(Box box) {
    Path boxDirectory = box.disksDir().getParent();
    Path boxes = boxDirectory == null ? null : boxDirectory.getParent();
    Path home = boxes == null ? null : boxes.getParent();
    return home != null && new HomeLayout(home).disksDirectory(box.id()).equals(box.disksDir())
        ? Optional.of(home)
        : Optional.empty();
  }
}
