package io.basedisk.domain.image;

/**
 * A dirty bitmap that is stored in a qcow2 image.
 *
 * @param name only to be shown
 * @param granularity the guest bytes that a bit stands for: a power of two from 512 to 2 GiB
 * @param inUse whether it was not saved correctly and may be inconsistent
 * @param auto whether it has to reflect all changes of the virtual disk
 */
public record BitmapInfo(String name, long granularity, boolean inUse, boolean auto) {}
