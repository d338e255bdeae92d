package io.basedisk.domain.image;

import java.util.OptionalLong;

/**
 * The bytes that a new image of a disk will take, as {@code qemu-img measure} says it: an upper
 * bound, of an image that is not compressed and has no backing file.
 *
 * @param required the length of a file that has the disk's content
 * @param fullyAllocated the length of one that has room for all of the disk
 * @param bitmaps what the bitmaps of the source would take besides; empty if the source or the new
 *     image is of a kind that has none
 */
public record Measurement(long required, long fullyAllocated, OptionalLong bitmaps) {}
