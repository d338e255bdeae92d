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
 * An image to be checked, and what of it is read once and kept.
 *
 * @param clusters the clusters of the file; the last may be short
 * @param snapshots the internal snapshots, wherever their L1 tables are
 * @param bitmaps the bitmaps, wherever their tables are
 */
record CheckedImage(
    ImageFile file,
    Header header,
    long clusters,
    StoredRefcounts refcounts,
    SnapshotTable snapshots,
    BitmapDirectory bitmaps) {

  /**
   * Reads what leads to the rest.
   *
   * @throws FormatException if it can't be read, so that references would be missed
   */
  static CheckedImage read(ImageFile file, Header header) throws FormatException {
    ClusterGeometry geometry = header.geometry();
    FileBounds bounds = new FileBounds(file.length(), geometry);
    // Where there are no snapshots this means nothing, and still QEMU does not open such an image.
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

  /** Returns the name as QEMU reads it, to which a zero byte is its end. */
  private static String nameInQemu(BitmapDirectoryEntry bitmap) {
    int end = bitmap.name().indexOf('\0');
    return end < 0 ? bitmap.name() : bitmap.name().substring(0, end);
  }

  /** Returns what a guest sees of a virtual size. */
  static long wholeSectors(long virtualSize) {
    return virtualSize / ClusterGeometry.SECTOR_SIZE * ClusterGeometry.SECTOR_SIZE;
  }
}
