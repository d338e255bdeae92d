package io.basedisk.qcow2.resize;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.qcow2.format.BitmapDirectory;
import io.basedisk.qcow2.format.BitmapDirectoryEntry;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.Feature;
import io.basedisk.qcow2.format.FeatureBits;
import io.basedisk.qcow2.format.FileBounds;
import io.basedisk.qcow2.format.FormatException;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.image.ImageMetadata;
import java.nio.ByteBuffer;

/**
 * Growth of the virtual disk of a qcow2 image, in place, with the result of {@code qemu-img
 * resize}. One write within a sector changes the size, so that a power cut leaves the old or the
 * new one. A power cut can leak clusters, which the next repair frees.
 *
 * <ol>
 *   <li>Tables that need more space are written beyond the end of the file, and synced.
 *   <li>Their clusters get refcounts, and that is synced.
 *   <li>One write to the header switches to the new size and tables, and is synced.
 *   <li>The old tables are freed.
 * </ol>
 *
 * <p>If the L1 table has room, there is the third step alone. Specification: "Header", "Cluster
 * mapping".
 */
public final class Growth {

  private static final int SIZE_FIELD = 24;
  private static final int L1_SIZE_FIELD = 36;
  private static final int L1_OFFSET_FIELD = 40;
  private static final int REFCOUNT_TABLE_OFFSET_FIELD = 48;
  private static final int REFCOUNT_TABLE_CLUSTERS_FIELD = 56;
  private static final int END_OF_FIELDS = 60;

  private final ImageFile file;
  private final Header header;
  private final ClusterGeometry geometry;
  private final long size;

  private Growth(ImageFile file, Header header, long size) {
    this.file = file;
    this.header = header;
    this.geometry = header.geometry();
    this.size = size;
  }

  /**
   * Checks that an image can grow to a size.
   *
   * @param file the image, open for writing
   * @param size the new size in bytes: a multiple of 512, at least the present size
   * @return the growth, to be run
   * @throws InvalidImageException if the image is invalid, or marked as corrupt or dirty
   * @throws RefusedException if internal snapshots or bitmaps don't allow it
   * @throws InvalidArgumentException if an image with its clusters can't have that size
   */
  public static Growth of(ImageFile file, long size) {
    Growth growth = new Growth(file, ImageMetadata.readHeader(file), size);
    growth.requireSound();
    growth.requireWithinFormat();
    growth.requireNoOldSnapshots();
    growth.requireFitOfBitmaps();
    return growth;
  }

  private void requireSound() {
    FeatureBits features = header.features();
    boolean corrupt = features.has(Feature.CORRUPT);
    if (corrupt || features.has(Feature.DIRTY)) {
      throw new InvalidImageException(
          file.path()
              + (corrupt
                  ? ": is marked as corrupt"
                  : ": was not closed properly, so that its refcounts may be wrong"),
          new Remedy.RepairImage(file.path()));
    }
  }

  private void requireWithinFormat() {
    if (geometry.l1Entries(size) * Long.BYTES > Header.MAX_L1_BYTES) {
      throw new InvalidArgumentException(
          file.path()
              + ": a virtual size of "
              + size
              + " bytes is more than an image with clusters of "
              + geometry.clusterSize()
              + " bytes can have");
    }
  }

  /** Version 2 does not say of an internal snapshot how large the disk was. */
  private void requireNoOldSnapshots() {
    if (header.snapshots() > 0 && header.version() < 3) {
      throw new RefusedException(
          file.path()
              + ": has internal snapshots, and its version 2 of the format does not store their"
              + " sizes");
    }
  }

  private void requireFitOfBitmaps() {
    try {
      FileBounds bounds = new FileBounds(file.length(), geometry);
      for (BitmapDirectoryEntry bitmap : BitmapDirectory.parse(file, header, bounds).entries()) {
        requireFit(bitmap);
      }
    } catch (FormatException e) {
      throw file.invalid(e);
    }
  }

  private void requireFit(BitmapDirectoryEntry bitmap) {
    if (bitmap.inUse()) {
      throw new RefusedException(
          file.path() + ": its bitmap '" + bitmap.name() + "' is inconsistent, so it can't grow");
    }
    if (bitmap.dataClusters(geometry, size) != Integer.toUnsignedLong(bitmap.tableEntries())) {
      throw new RefusedException(
          file.path() + ": its bitmap '" + bitmap.name() + "' has no room for the new size");
    }
  }

  /** Makes the change, durably. */
  public void run() {
    dropUnknownAutoclear();
    if (geometry.l1Entries(size) <= header.l1Entries()) {
      switchHeader(header.l1Entries(), header.l1Table(), oldRefcountTable());
    } else {
      moveL1((int) geometry.l1Entries(size));
    }
  }

  /**
   * A writer has to clear unknown bits before its first change. Specification: "Header", {@code
   * autoclear_features}.
   */
  private void dropUnknownAutoclear() {
    FeatureBits features = header.features();
    long unknown = features.unknown(Feature.Kind.AUTOCLEAR);
    if (unknown != 0) {
      file.write(
          Header.AUTOCLEAR_FEATURES_FIELD,
          ByteBuffer.allocate(Long.BYTES).putLong(features.autoclear() & ~unknown).flip());
      file.force();
    }
  }

  private void moveL1(int entries) {
    long clusters = geometry.clusters((long) entries * Long.BYTES);
    TailSpace space;
    try {
      space = TailSpace.reserve(file, header, clusters);
    } catch (FormatException e) {
      throw file.invalid(e);
    }
    ByteBuffer l1 = ByteBuffer.allocate((int) (clusters << geometry.clusterBits()));
    l1.put(file.read(header.l1Table(), (int) header.l1Bytes())).rewind();
    file.write(space.content(), l1);
    space.count();
    switchHeader(entries, space.content(), space.table());
    space.freeOldTable(header.refcountTableClusters());
    space.free(header.l1Table(), geometry.clusters(header.l1Bytes()));
    file.force();
  }

  private TailSpace.Table oldRefcountTable() {
    return new TailSpace.Table(header.refcountTable(), header.refcountTableClusters());
  }

  /**
   * Changes all fields in one write within a sector: a power cut leaves the old or the new ones.
   */
  private void switchHeader(int l1Entries, HostOffset l1Table, TailSpace.Table refcountTable) {
    ByteBuffer fields = file.read(HostOffset.NOWHERE, END_OF_FIELDS);
    fields
        .putLong(SIZE_FIELD, size)
        .putInt(L1_SIZE_FIELD, l1Entries)
        .putLong(L1_OFFSET_FIELD, l1Table.bytes())
        .putLong(REFCOUNT_TABLE_OFFSET_FIELD, refcountTable.start().bytes())
        .putInt(REFCOUNT_TABLE_CLUSTERS_FIELD, refcountTable.clusters());
    file.write(new HostOffset(SIZE_FIELD), fields.slice(SIZE_FIELD, END_OF_FIELDS - SIZE_FIELD));
    file.force();
  }
}
