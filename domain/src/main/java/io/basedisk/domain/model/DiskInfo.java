package io.basedisk.domain.model;

import java.nio.file.Path;

/**
 * Where a base's file is and how large.
 *
 * @param basePath the real, absolute path of the file in the bases directory
 * @param containerDiskBytes the virtual size: the bytes that a guest sees
 * @param sizeBytes the length of the file in bytes, holes included
 */
public record DiskInfo(Path basePath, long containerDiskBytes, long sizeBytes) {}
