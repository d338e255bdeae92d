package io.basedisk.domain.box;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.NewBox;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.NewBoxDirectories;
import java.nio.file.Path;
import java.util.List;
import javax.inject.Inject;

/** Checks that boxes with given names can be created in the home. Thread-safe. */
public final class NewBoxNames {

  private final NewBoxDirectories directories;
  private final BaseDiskStore store;
  private final DiskFiles files;

  @Inject
  NewBoxNames(NewBoxDirectories directories, BaseDiskStore store, DiskFiles files) {
    this.directories = directories;
    this.store = store;
    this.files = files;
  }

  /**
   * Checks, before the boxes are claimed, that no box and no directory has one of the names. Skips
   * the directories that interrupted operations claim.
   *
   * @param boxes the ids of the new boxes
   * @throws AlreadyExistsException if one of the boxes, or its directory, exists
   */
  public void requireFree(ImmutableList<BoxId> boxes) {
    ImmutableSet<BoxId> claimed =
        store.read(
            view -> {
              checkNoneExists(view, boxes);
              return view.intents().list().stream()
                  .flatMap(intent -> intent.boxes().stream())
                  .map(BoxClaim::box)
                  .collect(ImmutableSet.toImmutableSet());
            });
    // Skips claimed directories: an interrupted operation's files may be gone when the box is
    // created.
    checkNoDirectoryExists(
        directories.choose(boxes.stream().filter(box -> !claimed.contains(box)).toList()).stream()
            .map(NewBox::directory)
            .toList());
  }

  private static void checkNoneExists(StoreView view, List<BoxId> boxes) {
    for (BoxId box : boxes) {
      if (view.boxes().find(box).isPresent()) {
        throw new AlreadyExistsException(
            "box " + box + " exists already", new Remedy.ChooseBoxName(box.value()));
      }
    }
  }

  private void checkNoDirectoryExists(List<Path> paths) {
    for (Path directory : paths) {
      if (files.status(directory).isPresent()) {
        throw new AlreadyExistsException(directory + ": exists already");
      }
    }
  }

  /**
   * Checks the same in the transaction that claims the boxes: the files of interrupted operations
   * are settled by then.
   *
   * @param view the state of the store
   * @param boxes the new boxes
   * @throws AlreadyExistsException as {@link #requireFree(ImmutableList)}
   */
  public void requireFree(StoreView view, List<NewBox> boxes) {
    checkNoneExists(view, boxes.stream().map(NewBox::box).toList());
    checkNoDirectoryExists(boxes.stream().map(NewBox::directory).toList());
  }
}
