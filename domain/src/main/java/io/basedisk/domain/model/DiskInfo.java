package io.basedisk.domain.model;

import java.nio.file.Path;

/**
 * Where a base's file is, what it is and how large.
 *
 * @param basePath the real, absolute path of the file
 * @param format its format; a base that basedisk made is qcow2
 * @param isForeign whether the file was there before basedisk, outside of the bases directory: it
 *     is guarded like any other base, and never changed or deleted
 * @param containerDiskBytes the virtual size: the bytes that a guest sees
 * @param sizeBytes the length of the file in bytes, holes included
 */
public record DiskInfo(
    Path basePath, ImageFormat format, boolean isForeign, long containerDiskBytes, long sizeBytes) {

  /** A qcow2 file in the bases directory. */
  public DiskInfo(Path basePath, long containerDiskBytes, long sizeBytes) {
    this(basePath, ImageFormat.QCOW2, false, containerDiskBytes, sizeBytes);
  }
}
