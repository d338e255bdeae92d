package io.basedisk.domain.space;

import io.basedisk.domain.model.BoxId;

/**
 * What a box occupies, alone and with others.
 *
 * @param box the box
 * @param allocatedBytes the bytes that its own disks occupy; a missing one counts 0
 * @param exclusiveBytes the bytes that would be freed if the box was removed: those of its disks
 *     and of every base that is there for no other box, snapshot or rootfs. Its own snapshots don't
 *     go with it, and keep what they stand on.
 * @param sharedBytes the bytes of the bases that its disks need, directly or through other bases,
 *     and that would stay if it was removed; each base counts once
 */
public record BoxSpace(BoxId box, long allocatedBytes, long exclusiveBytes, long sharedBytes) {}
