package io.basedisk.domain.model;

import java.nio.file.Path;

/**
 * The file of a base: its path, format and sizes.
 *
 * @param basePath real, absolute path of the file
 * @param format format of the file; in the bases directory, qcow2, or raw if it was imported
 * @param isForeign whether the file is outside the bases directory and was not created by basedisk:
 *     it is guarded like any other base, and never changed or deleted
 * @param containerDiskBytes virtual size in bytes
 * @param sizeBytes length of the file in bytes with holes
 */
public record DiskInfo(
    Path basePath, ImageFormat format, boolean isForeign, long containerDiskBytes, long sizeBytes) {

  /**
   * Describes a qcow2 file in the bases directory.
   *
   * @param basePath real, absolute path of the file
   * @param containerDiskBytes virtual size in bytes
   * @param sizeBytes length of the file in bytes with holes
   */
  public DiskInfo(Path basePath, long containerDiskBytes, long sizeBytes) {
    this(basePath, ImageFormat.QCOW2, false, containerDiskBytes, sizeBytes);
  }
}
