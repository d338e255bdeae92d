package io.basedisk.domain.home;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.PartAwayException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the directories of a home are not the empty mount points of file systems that are
 * away: a base or box that is made there would be hidden by the next mount, and a base whose record
 * went would be an orphan after it. Safe for many threads.
 */
public final class MountedParts {

  /** As many are looked at in one query where the directory is empty. */
  private static final int PART = 100;

  /** What the root of a file system has of its own. */
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
   * Checks the directories for what an operation makes. It costs a query and a look at one file for
   * each, unless something is wrong.
   *
   * @throws PartAwayException if one is empty, and the store records files in it
   */
  public void requireFor(Intent intent) {
    boolean makesBase = intent.plannedBase().isPresent();
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
   * Returns whether the file of a recorded base may be on a file system that is not mounted: it is
   * missing, and so are all others. Its record is all that says that there are bases, and stays.
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

  /** In nearly every home, the first one tells. */
  private Optional<Path> firstBase() {
    return store.read(view -> view.bases().listAfter((@Nullable BaseDiskId) null, 1)).stream()
        .filter(base -> !base.diskInfo().isForeign())
        .map(base -> base.diskInfo().basePath())
        .findFirst();
  }

  private Optional<Path> firstBox() {
    return store.read(view -> view.boxes().listAfter((@Nullable BoxId) null, 1)).stream()
        .filter(this::isInHome)
        .map(box -> home.boxDirectory(box.id()))
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
    return box.disksDir().equals(home.disksDirectory(box.id()));
  }
}
