package io.basedisk.domain.model.intent;

import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import java.nio.file.Path;

/**
 * An intent's claim on a box. Only one intent can claim a box.
 *
 * @param box the box, which need not be registered yet
 * @param disksDir directory of its disks
 */
public record BoxClaim(BoxId box, Path disksDir) {

  /**
   * {@return the default path of the disk in a slot}
   *
   * @param slot slot of the disk
   */
  public Path disk(DiskSlot slot) {
    return disksDir.resolve(slot.fileName());
  }
}
