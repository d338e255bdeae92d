package io.basedisk.domain.disk;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;

/**
 * Registers boxes whose disks exist already. If a box with one of these disks was forgotten, the
 * reference of the disk takes the place of its hold.
 */
public final class BoxRegistration {

  private BoxRegistration() {}

  /**
   * Records the base that a disk of a registered box needs, and releases the hold that the disk had
   * on it.
   *
   * @param tx the transaction that registers the box
   * @param box the box
   * @param slot slot of the disk
   * @param base id of the nearest base below the disk
   */
  public static void putReference(StoreTransaction tx, Box box, DiskSlot slot, BaseDiskId base) {
    tx.references().put(new Reference(base, box.id(), slot));
    releaseHold(tx, base, box.disk(slot));
  }

  /**
   * Releases the hold that the disk of a forgotten box has on a base; no effect if there is none.
   *
   * @param tx the transaction that registers the box again
   * @param base id of the base
   * @param disk path of the disk
   */
  public static void releaseHold(StoreTransaction tx, BaseDiskId base, Path disk) {
    tx.holds().delete(holdOf(base, disk));
  }

  /**
   * {@return whether a base is held for a disk of a forgotten box} Then a record confirms that the
   * disk needs the base.
   *
   * @param view the store
   * @param base id of the base
   * @param disk path of the disk
   */
  public static boolean isHeldFor(StoreView view, BaseDiskId base, Path disk) {
    return view.holds().listOn(base).contains(holdOf(base, disk));
  }

  private static Hold holdOf(BaseDiskId base, Path disk) {
    return new Hold(base, Hold.Reason.FORGOTTEN_BOX, disk);
  }
}
