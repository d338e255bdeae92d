package io.basedisk.domain.model;

import java.nio.file.Path;

/**
 * A box that an intent claims: no other intent may claim it.
 *
 * @param box the box, registered or about to be
 * @param disksDir the directory that holds its disks
 */
public record BoxClaim(BoxId box, Path disksDir) {

  /** Returns the usual path of the box's disk in {@code slot}. */
  public Path disk(DiskSlot slot) {
    return disksDir.resolve(slot.fileName());
  }
}
