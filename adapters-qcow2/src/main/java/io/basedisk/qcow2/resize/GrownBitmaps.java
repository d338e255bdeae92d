package io.basedisk.qcow2.resize;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.qcow2.format.BitmapDirectory;
import io.basedisk.qcow2.format.BitmapDirectoryEntry;
import io.basedisk.qcow2.format.BitmapsExtension;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.FileBounds;
import io.basedisk.qcow2.format.FormatException;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.image.ImageFile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The bitmaps of an image that grows. If the new size needs larger bitmap tables, new tables and a
 * new directory are written. The new tables lead to the same data, and their further entries are 0:
 * the new part of the disk counts as unchanged, as in QEMU. A bit that the file has beyond the old
 * end of the disk stays, so that a part can count as changed without need.
 *
 * <p>Specification: "Bitmaps".
 */
final class GrownBitmaps {

  private final ImageFile file;
  private final ClusterGeometry geometry;
  private final long size;
  private final HostOffset directory;
  private final long directorySize;
  private final ImmutableList<BitmapDirectoryEntry> bitmaps;

  private GrownBitmaps(
      ImageFile file,
      ClusterGeometry geometry,
      long size,
      BitmapsExtension extension,
      ImmutableList<BitmapDirectoryEntry> bitmaps) {
    this.file = file;
    this.geometry = geometry;
    this.size = size;
    this.directory = extension.directory();
    this.directorySize = extension.directorySize();
    this.bitmaps = bitmaps;
  }

  /**
   * Checks the bitmaps of an image.
   *
   * @param size the new size of the disk in bytes
   * @throws FormatException if a bitmap is invalid
   * @throws RefusedException if a bitmap is inconsistent, or would be too large
   */
  static GrownBitmaps of(ImageFile file, Header header, long size) throws FormatException {
    ClusterGeometry geometry = header.geometry();
    FileBounds bounds = new FileBounds(file.length(), geometry);
    ImmutableList<BitmapDirectoryEntry> bitmaps =
        BitmapDirectory.parse(file, header, bounds).entries();
    GrownBitmaps grown =
        new GrownBitmaps(
            file,
            geometry,
            size,
            header.bitmaps().orElse(new BitmapsExtension(0, 0, HostOffset.NOWHERE)),
            bitmaps);
    for (BitmapDirectoryEntry bitmap : bitmaps) {
      grown.requireConsistent(bitmap);
      bitmap.check(geometry, header.virtualSize());
      bounds.requireTable("bitmap table", bitmap.table(), bitmap.tableBytes());
      grown.requireWithinFormat(bitmap);
    }
    return grown;
  }

  private void requireConsistent(BitmapDirectoryEntry bitmap) {
    if (bitmap.inUse()) {
      throw new RefusedException(
          file.path() + ": its bitmap '" + bitmap.name() + "' is inconsistent, so it can't grow");
    }
  }

  private void requireWithinFormat(BitmapDirectoryEntry bitmap) {
    try {
      bitmap
          .withTable(bitmap.table(), (int) bitmap.dataClusters(geometry, size))
          .check(geometry, size);
    } catch (FormatException e) {
      throw new RefusedException(
          file.path() + ": its bitmap '" + bitmap.name() + "' would be larger than QEMU opens", e);
    }
  }

  /** {@return whether there is a bitmap that needs a larger table} */
  boolean needSpace() {
    return bitmaps.stream().anyMatch(this::needsSpace);
  }

  private boolean needsSpace(BitmapDirectoryEntry bitmap) {
    return bitmap.dataClusters(geometry, size) != bitmap.tableEntries();
  }

  /** {@return the number of clusters that {@link #write} needs; 0 without a larger table} */
  long newClusters() {
    return needSpace()
        ? geometry.clusters(directorySize)
            + bitmaps.stream().filter(this::needsSpace).mapToLong(this::newTableClusters).sum()
        : 0;
  }

  private long newTableClusters(BitmapDirectoryEntry bitmap) {
    return geometry.clusters(bitmap.dataClusters(geometry, size) * Long.BYTES);
  }

  /**
   * Writes the directory, and after it the larger tables, to new clusters.
   *
   * @param start offset of the first of {@link #newClusters}
   */
  void write(HostOffset start) throws FormatException {
    HostOffset next = start.plus(geometry.clusters(directorySize) << geometry.clusterBits());
    List<BitmapDirectoryEntry> moved = new ArrayList<>();
    for (BitmapDirectoryEntry bitmap : bitmaps) {
      if (needsSpace(bitmap)) {
        moved.add(bitmap.withTable(next, (int) bitmap.dataClusters(geometry, size)));
        next = writeTable(bitmap, next);
      } else {
        moved.add(bitmap);
      }
    }
    ByteBuffer entries = file.read(directory, (int) directorySize);
    file.write(start, padded(BitmapDirectory.withTables(entries, moved)));
  }

  /** Writes a larger table, and returns the offset after it. */
  private HostOffset writeTable(BitmapDirectoryEntry bitmap, HostOffset at) {
    ByteBuffer table =
        ByteBuffer.allocate((int) (newTableClusters(bitmap) << geometry.clusterBits()));
    table.put(file.read(bitmap.table(), (int) bitmap.tableBytes())).rewind();
    file.write(at, table);
    return at.plus(table.capacity());
  }

  /** {@return the bytes, with zeros to the end of a cluster} */
  private ByteBuffer padded(ByteBuffer bytes) {
    return ByteBuffer.allocate((int) (geometry.clusters(bytes.limit()) << geometry.clusterBits()))
        .put(bytes)
        .rewind();
  }

  /** Frees the old directory, and the old tables that larger ones replace. */
  void freeOld(TailSpace space) {
    if (needSpace()) {
      space.free(directory, geometry.clusters(directorySize));
      bitmaps.stream()
          .filter(this::needsSpace)
          .forEach(bitmap -> space.free(bitmap.table(), geometry.clusters(bitmap.tableBytes())));
    }
  }
}
