package io.basedisk.domain.disk;

import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.port.StoreView;
import java.util.Optional;

/** Look-ups of boxes in the store that several operations need. */
public final class RegisteredBoxes {

  private RegisteredBoxes() {}

  /**
   * {@return the record of a box}
   *
   * @param view the state of the store
   * @param box name of the box
   * @throws NotFoundException if the box does not exist
   */
  public static Box require(StoreView view, BoxId box) {
    return view.boxes()
        .find(box)
        .orElseThrow(() -> new NotFoundException("no box " + box, new Remedy.NameBox(box.value())));
  }

  /**
   * Checks that a box exists and has the same disks directory as in an earlier transaction.
   *
   * @param view the state of the store
   * @param box the box as the earlier transaction read it
   * @throws NotFoundException if the box does not exist any more
   * @throws RefusedException if its disks directory has changed, because another box has the name
   *     now
   */
  public static void requireUnchanged(StoreView view, Box box) {
    if (!require(view, box.id()).disksDir().equals(box.disksDir())) {
      throw changed(box.id());
    }
  }

  /**
   * {@return the error for an operation whose box was changed by another operation}
   *
   * @param box name of the box
   */
  public static RefusedException changed(BoxId box) {
    return new RefusedException("box " + box + " was changed by another operation; try again");
  }

  /**
   * {@return an operation that has claimed a box; empty if there is none}
   *
   * @param view the state of the store
   * @param box name of the box
   */
  public static Optional<OperationId> operationOn(StoreView view, BoxId box) {
    return view.intents().list().stream()
        .filter(intent -> intent.boxes().stream().anyMatch(claim -> claim.box().equals(box)))
        .map(intent -> intent.id())
        .findFirst();
  }
}
