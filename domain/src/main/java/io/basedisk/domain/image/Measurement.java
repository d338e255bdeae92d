package io.basedisk.domain.image;

import java.util.OptionalLong;

/**
 * Upper bounds of the size of a new image of a disk, as in {@code qemu-img measure}. The image is
 * not compressed and has no backing file.
 *
 * @param required length of a file with the disk's content, in bytes
 * @param fullyAllocated length of a file with space for the whole disk, in bytes
 * @param bitmaps additional space for the source's bitmaps, in bytes; empty if the source's format
 *     or the new format has no bitmaps
 */
public record Measurement(long required, long fullyAllocated, OptionalLong bitmaps) {}
