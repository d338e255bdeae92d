package io.basedisk.domain.protocol;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Lists possible orphans: the files and directories with the names that operations give, without
 * most of the recorded ones. Files with other names are never listed. Thread-safe.
 */
final class OrphanCandidates {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final BestEffortFiles bestEffort;

  @Inject
  OrphanCandidates(
      HomeLayout home, BaseDiskStore store, DiskFiles files, BestEffortFiles bestEffort) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.bestEffort = bestEffort;
  }

  /** {@return the possible orphans} Some may be recorded, or gone, when this returns. */
  ImmutableList<Path> list() {
    ImmutableList.Builder<Path> candidates = ImmutableList.builder();
    addFilesOfBases(candidates);
    addFilesOfBoxes(candidates);
    addFilesOutsideHome(candidates);
    return candidates.build();
  }

  private void addFilesOfBases(ImmutableList.Builder<Path> candidates) {
    ImmutableList<Path> inBases =
        files.list(home.bases()).stream()
            .filter(file -> home.baseIdOf(file).isPresent() || Temporaries.isTemporary(file))
            .collect(ImmutableList.toImmutableList());
    for (List<Path> part : Lists.partition(inBases, BaseDiskStore.BATCH)) {
      // Skips recorded files: most files are recorded.
      candidates.addAll(
          store.<List<Path>>read(
              view ->
                  part.stream()
                      .filter(file -> !ExplainedFiles.isRecordedBase(view, home, file))
                      .toList()));
    }
  }

  private void addFilesOfBoxes(ImmutableList.Builder<Path> candidates) {
    for (List<Path> part : Lists.partition(files.list(home.boxes()), BaseDiskStore.BATCH)) {
      part.forEach(
          box ->
              bestEffort
                  .list(box.resolve(HomeLayout.DISKS))
                  .filter(Temporaries::isTemporary)
                  .forEach(candidates::add));
      store
          .<List<Path>>read(view -> part.stream().filter(box -> isUnknown(view, box)).toList())
          .stream()
          .filter(bestEffort::isDirectory)
          .forEach(candidates::add);
    }
  }

  private static boolean isUnknown(StoreView view, Path box) {
    return HomeLayout.firstNameOf(box).isPresent() && !ExplainedFiles.isRecordedBox(view, box);
  }

  private void addFilesOutsideHome(ImmutableList.Builder<Path> candidates) {
    ImmutableList<Box> boxes = boxesAfter(null);
    while (!boxes.isEmpty()) {
      boxes.stream()
          .filter(box -> !box.disksDir().startsWith(home.boxes()))
          .flatMap(this::temporariesOf)
          .forEach(candidates::add);
      boxes = boxesAfter(boxes.get(boxes.size() - 1).id());
    }
  }

  /**
   * {@return the temporary files beside the disks of a box outside the home} Other programs may
   * have files there.
   */
  private Stream<Path> temporariesOf(Box box) {
    return bestEffort
        .list(box.disksDir())
        .filter(Temporaries::isTemporary)
        .filter(
            file ->
                Stream.of(DiskSlot.values())
                    .map(box::disk)
                    .anyMatch(
                        disk ->
                            String.valueOf(file.getFileName())
                                .startsWith("." + disk.getFileName() + ".")));
  }

  private ImmutableList<Box> boxesAfter(@Nullable BoxId last) {
    return store.read(view -> view.boxes().listAfter(last, BaseDiskStore.BATCH));
  }
}
