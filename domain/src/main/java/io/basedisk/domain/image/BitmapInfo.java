package io.basedisk.domain.image;

/**
 * A dirty bitmap that is stored in a qcow2 image.
 *
 * @param name name of the bitmap, for messages and listings only
 * @param granularity number of guest bytes that one bit covers: a power of two from 512 to 2 GiB
 * @param inUse whether the last writer did not save the bitmap, so that it may be inconsistent
 * @param auto whether every writer has to record its changes of the virtual disk in the bitmap
 */
public record BitmapInfo(String name, long granularity, boolean inUse, boolean auto) {}
