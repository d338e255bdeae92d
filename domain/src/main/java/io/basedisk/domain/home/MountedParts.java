package io.basedisk.domain.home;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.PartAwayException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the directories of a home are not empty mount points of unmounted file systems. The
 * next mount would hide a base or box made there, and a base whose record was removed would become
 * an orphan. Thread-safe.
 */
public final class MountedParts {

  /** The number of bases read in one query if the directory is empty. */
  private static final int PART = 100;

  /** The directory that some file systems have in their root. */
  private static final String LOST_AND_FOUND = "lost+found";

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;

  @Inject
  MountedParts(HomeLayout home, BaseDiskStore store, DiskFiles files) {
    this.home = home;
    this.store = store;
    this.files = files;
  }

  /**
   * Checks the directories in which an operation makes files. Normally costs one query and one file
   * status for each directory.
   *
   * @param intent the plan of the operation
   * @throws PartAwayException if a directory is empty and the store records files in it
   */
  public void requireFor(Intent intent) {
    boolean makesBase =
        intent.plannedBase().isPresent()
            || intent.createdFiles().stream()
                .anyMatch(file -> home.bases().equals(file.getParent()));
    if (makesBase && firstBase().filter(this::isThere).isEmpty() && isEmpty(home.bases())) {
      requireNone(home.bases(), store.read(this::hasBase));
    }
    boolean makesBox =
        intent.createdFiles().stream().anyMatch(file -> home.boxes().equals(file.getParent()));
    if (makesBox && firstBox().filter(this::isThere).isEmpty() && isEmpty(home.boxes())) {
      requireNone(home.boxes(), store.read(this::hasBox));
    }
  }

  private static void requireNone(Path part, boolean hasRecord) {
    if (hasRecord) {
      throw new PartAwayException(part);
    }
  }

  /**
   * {@return whether a recorded base may be on an unmounted file system: its file and all other
   * bases' files are missing} Its record then stays, because it is the only trace of the base.
   *
   * @param recorded the base
   */
  public boolean isAway(BaseDiskId recorded) {
    return !isThere(home.baseFile(recorded)) && isEmpty(home.bases());
  }

  private boolean isThere(Path file) {
    return files.status(file).isPresent();
  }

  private boolean isEmpty(Path directory) {
    return files.status(directory).isEmpty()
        || files.list(directory).stream().allMatch(file -> file.endsWith(LOST_AND_FOUND));
  }

  /** Normally the first base exists, and no other is read. */
  private Optional<Path> firstBase() {
    return store.read(view -> view.bases().listAfter((@Nullable BaseDiskId) null, 1)).stream()
        .filter(base -> !base.diskInfo().isForeign())
        .map(base -> base.diskInfo().basePath())
        .findFirst();
  }

  private Optional<Path> firstBox() {
    return store.read(view -> view.boxes().listAfter((@Nullable BoxId) null, 1)).stream()
        .flatMap(box -> home.boxDirectoryOf(box.disksDir()).stream())
        .findFirst();
  }

  private boolean hasBase(StoreView view) {
    ImmutableList<BaseDisk> bases = view.bases().listAfter((@Nullable BaseDiskId) null, PART);
    while (!bases.isEmpty()) {
      if (bases.stream().anyMatch(base -> !base.diskInfo().isForeign())) {
        return true;
      }
      bases = view.bases().listAfter(bases.get(bases.size() - 1).id(), PART);
    }
    return false;
  }

  private boolean hasBox(StoreView view) {
    ImmutableList<Box> boxes = view.boxes().listAfter((@Nullable BoxId) null, PART);
    while (!boxes.isEmpty()) {
      if (boxes.stream().anyMatch(this::isInHome)) {
        return true;
      }
      boxes = view.boxes().listAfter(boxes.get(boxes.size() - 1).id(), PART);
    }
    return false;
  }

  private boolean isInHome(Box box) {
    return home.boxDirectoryOf(box.disksDir()).isPresent();
  }
}
