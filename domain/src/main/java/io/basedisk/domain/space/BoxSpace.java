package io.basedisk.domain.space;

import io.basedisk.domain.model.BoxId;

/**
 * The space of a box.
 *
 * @param box name of the box
 * @param allocatedBytes space that its disks occupy, in bytes; a missing disk counts 0
 * @param exclusiveBytes space that is freed if the box is removed, in bytes: that of its disks, and
 *     of every base that no other box, snapshot or rootfs needs. The box's own snapshots are not
 *     removed with it, and keep their bases
 * @param sharedBytes space of the bases that its disks need and that are kept if the box is
 *     removed, in bytes; each base counts once
 */
public record BoxSpace(BoxId box, long allocatedBytes, long exclusiveBytes, long sharedBytes) {}
