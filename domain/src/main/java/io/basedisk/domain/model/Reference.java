package io.basedisk.domain.model;

/**
 * That a box's disk needs a base: the nearest base in the backing chain of that disk.
 *
 * @param base the base
 * @param box the box whose disk it is
 * @param slot which disk of the box
 */
public record Reference(BaseDiskId base, BoxId box, DiskSlot slot) {}
