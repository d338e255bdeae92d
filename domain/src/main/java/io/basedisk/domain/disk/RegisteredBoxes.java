package io.basedisk.domain.disk;

import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.port.StoreView;
import java.util.Optional;

/** The records of boxes, as operations ask the store for them. */
public final class RegisteredBoxes {

  private RegisteredBoxes() {}

  /**
   * Returns the record of a box.
   *
   * @throws NotFoundException if there is no such box
   */
  public static Box require(StoreView view, BoxId box) {
    return view.boxes().find(box).orElseThrow(() -> new NotFoundException("no box " + box));
  }

  /**
   * Checks that a box still has its disks where an earlier transaction found them.
   *
   * @throws NotFoundException if there is no such box any more
   * @throws RefusedException if its disks are in another directory now
   */
  public static void requireUnchanged(StoreView view, Box box) {
    if (!require(view, box.id()).disksDir().equals(box.disksDir())) {
      throw changed(box.id());
    }
  }

  /** Returns the refusal of an operation on a box that another operation has changed. */
  public static RefusedException changed(BoxId box) {
    return new RefusedException("box " + box + " was changed meanwhile");
  }

  /** Returns an operation that has claimed a box. */
  public static Optional<OperationId> workerOn(StoreView view, BoxId box) {
    return view.intents().list().stream()
        .filter(intent -> intent.boxes().stream().anyMatch(claim -> claim.box().equals(box)))
        .map(intent -> intent.id())
        .findFirst();
  }
}
