package io.basedisk.domain.model;

/**
 * A box's disk needs a base: the nearest base in its backing chain.
 *
 * @param base id of the base
 * @param box name of the box
 * @param slot slot of the disk in the box
 */
public record Reference(BaseDiskId base, BoxId box, DiskSlot slot) {}
