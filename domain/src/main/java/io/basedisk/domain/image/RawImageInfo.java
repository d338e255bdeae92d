package io.basedisk.domain.image;

import java.nio.file.Path;

/**
 * The information of {@code qemu-img info} about a raw file.
 *
 * @param file the file, as the caller named it
 * @param virtualSize length of the file in bytes, which is the size of the disk
 * @param allocatedBytes space that the file occupies on its file system, in bytes
 */
public record RawImageInfo(Path file, long virtualSize, long allocatedBytes) implements LayerInfo {}
