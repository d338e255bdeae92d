package io.basedisk.domain.home;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.PartAwayException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.Ports;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the directories of a home are not the empty mount points of file systems that are
 * away: a base or box that is made there would be hidden by the next mount, and a base whose record
 * went would be an orphan after it. Safe for many threads.
 */
public final class MountedParts {

  private static final int PART = 100;

  /** What the root of a file system has of its own. */
  private static final String LOST_AND_FOUND = "lost+found";

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;

  public MountedParts(Ports ports) {
    this.home = ports.home();
    this.store = ports.store();
    this.files = ports.files();
  }

  /**
   * Checks the directories for what an operation makes. It costs a query and a look at one file for
   * each, unless something is wrong.
   *
   * @throws PartAwayException if one is empty, and the store records files in it
   */
  public void requireFor(Intent intent) {
    boolean makesBase =
        intent.plannedBase() != null
            || intent.files().stream().anyMatch(file -> file.startsWith(home.bases()));
    if (makesBase) {
      requireMounted(home.bases(), store.read(this::firstBase));
    }
    boolean makesBox =
        intent.operation() != Operation.REMOVE_BOX
            && intent.files().stream().anyMatch(file -> home.boxes().equals(file.getParent()));
    if (makesBox) {
      requireMounted(home.boxes(), store.read(this::firstBox));
    }
  }

  private void requireMounted(Path part, Optional<Path> recorded) {
    if (recorded.isPresent() && isAway(recorded.get(), part)) {
      throw new PartAwayException(part);
    }
  }

  /**
   * Returns whether the file of a recorded base may be on a file system that is not mounted: it is
   * missing, and so are all others. Its record is all that says that there are bases, and stays.
   */
  public boolean isAway(BaseDiskId recorded) {
    return isAway(home.baseFile(recorded), home.bases());
  }

  private boolean isAway(Path file, Path part) {
    return files.status(file).isEmpty() && isEmpty(part);
  }

  private boolean isEmpty(Path directory) {
    return files.status(directory).isEmpty()
        || files.list(directory).stream().allMatch(file -> file.endsWith(LOST_AND_FOUND));
  }

  private Optional<Path> firstBase(StoreView view) {
    ImmutableList<BaseDisk> bases = view.basesAfter((@Nullable BaseDiskId) null, PART);
    while (!bases.isEmpty()) {
      for (BaseDisk base : bases) {
        if (!base.diskInfo().isForeign()) {
          return Optional.of(base.diskInfo().basePath());
        }
      }
      bases = view.basesAfter(bases.get(bases.size() - 1).id(), PART);
    }
    return Optional.empty();
  }

  private Optional<Path> firstBox(StoreView view) {
    ImmutableList<Box> boxes = view.boxesAfter((@Nullable BoxId) null, PART);
    while (!boxes.isEmpty()) {
      for (Box box : boxes) {
        if (box.disksDir().equals(home.disksDirectory(box.id()))) {
          return Optional.of(home.boxDirectory(box.id()));
        }
      }
      boxes = view.boxesAfter(boxes.get(boxes.size() - 1).id(), PART);
    }
    return Optional.empty();
  }
}
