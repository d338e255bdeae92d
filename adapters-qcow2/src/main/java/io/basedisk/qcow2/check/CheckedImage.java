package io.basedisk.qcow2.check;

import io.basedisk.qcow2.format.BitmapDirectory;
import io.basedisk.qcow2.format.BitmapDirectoryEntry;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.FileBounds;
import io.basedisk.qcow2.format.FormatException;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.SnapshotTable;
import io.basedisk.qcow2.image.ImageFile;
import java.util.HashSet;
import java.util.Set;

/**
 * An image under check, with the structures that a check reads once and keeps.
 *
 * @param clusters number of clusters of the file; the last one may be short
 * @param snapshots the internal snapshots; the positions of their L1 tables are unchecked
 * @param bitmaps the bitmaps; the positions of their tables are unchecked
 */
record CheckedImage(
    ImageFile file,
    Header header,
    long clusters,
    StoredRefcounts refcounts,
    SnapshotTable snapshots,
    BitmapDirectory bitmaps) {

  /**
   * Reads the refcount table, the snapshot table and the bitmap directory.
   *
   * @throws FormatException if one of them is invalid, so that a check would miss references
   */
  static CheckedImage read(ImageFile file, Header header) throws FormatException {
    ClusterGeometry geometry = header.geometry();
    FileBounds bounds = new FileBounds(file.length(), geometry);
    // Without snapshots this field means nothing, but QEMU does not open such an image.
    if (header.snapshotTable().bytes() < 0 || !geometry.isAligned(header.snapshotTable())) {
      throw new FormatException(
          "snapshot table at " + header.snapshotTable() + " is not aligned to a cluster");
    }
    SnapshotTable snapshots = SnapshotTable.parseUnchecked(file, header);
    BitmapDirectory bitmaps = BitmapDirectory.parse(file, header, bounds);
    Set<String> names = new HashSet<>();
    for (BitmapDirectoryEntry bitmap : bitmaps.entries()) {
      if (!names.add(nameInQemu(bitmap))) {
        throw new FormatException("two bitmaps have the same name");
      }
      bitmap.check(geometry, wholeSectors(header.virtualSize()));
    }
    return new CheckedImage(
        file,
        header,
        geometry.clusters(file.length()),
        new StoredRefcounts(file, header),
        snapshots,
        bitmaps);
  }

  /** {@return the bitmap's name as QEMU reads it: up to a zero byte} */
  private static String nameInQemu(BitmapDirectoryEntry bitmap) {
    int end = bitmap.name().indexOf('\0');
    return end < 0 ? bitmap.name() : bitmap.name().substring(0, end);
  }

  /** {@return the virtual size that a guest sees: whole sectors} */
  static long wholeSectors(long virtualSize) {
    return virtualSize / ClusterGeometry.SECTOR_SIZE * ClusterGeometry.SECTOR_SIZE;
  }
}
