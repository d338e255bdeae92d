package io.basedisk.domain.image;

import java.nio.file.Path;

/**
 * What {@code qemu-img info} says of a raw file.
 *
 * @param file the file, as it was named
 * @param virtualSize the bytes of the file, which are those of the disk; 0 or more
 * @param allocatedBytes the bytes that the file occupies on its file system; 0 or more
 */
public record RawImageInfo(Path file, long virtualSize, long allocatedBytes) {}
