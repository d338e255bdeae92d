package io.basedisk.domain.protocol;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.intent.NewBox;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.List;
import javax.inject.Inject;

/**
 * Chooses the directories of new boxes. A box gets the directory with its name, unless that belongs
 * to a box that was renamed: then it gets one with a number. Thread-safe.
 */
public final class NewBoxDirectories {

  private static final int FIRST_NUMBER = 2;

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;

  @Inject
  NewBoxDirectories(HomeLayout home, BaseDiskStore store, DiskFiles files) {
    this.home = home;
    this.store = store;
    this.files = files;
  }

  /**
   * {@return new boxes with their paths}
   *
   * @param boxes their ids
   */
  public ImmutableList<NewBox> choose(List<BoxId> boxes) {
    return store.read(
        view ->
            boxes.stream()
                .map(box -> NewBox.in(choose(view, box), box))
                .collect(ImmutableList.toImmutableList()));
  }

  private Path choose(StoreView view, BoxId box) {
    Path directory = home.boxDirectory(box);
    // Asks for the record alone: a directory that has none is refused later, and is not passed by.
    if (!isRecorded(view, directory)) {
      return directory;
    }
    int number = FIRST_NUMBER;
    while (isTaken(view, home.boxDirectory(box, number))) {
      number++;
    }
    return home.boxDirectory(box, number);
  }

  private boolean isTaken(StoreView view, Path directory) {
    return isRecorded(view, directory) || files.status(directory).isPresent();
  }

  private static boolean isRecorded(StoreView view, Path directory) {
    Path disk = directory.resolve(HomeLayout.DISKS).resolve(DiskSlot.CONTAINER.fileName());
    return view.boxes().findByDisk(disk).isPresent();
  }
}
