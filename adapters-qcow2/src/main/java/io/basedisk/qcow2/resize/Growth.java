package io.basedisk.qcow2.resize;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.Feature;
import io.basedisk.qcow2.format.FeatureBits;
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
 * <p>If the L1 table and the tables of the bitmaps have room, there is the third step alone. {@link
 * HeaderSwitch} is that step. Specification: "Header", "Cluster mapping".
 */
public final class Growth {

  private final ImageFile file;
  private final Header header;
  private final ClusterGeometry geometry;
  private final long size;
  private final GrownBitmaps bitmaps;

  private Growth(ImageFile file, Header header, long size, GrownBitmaps bitmaps) {
    this.file = file;
    this.header = header;
    this.geometry = header.geometry();
    this.size = size;
    this.bitmaps = bitmaps;
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
    Header header = ImageMetadata.readHeader(file);
    requireSound(file, header);
    Growth growth = new Growth(file, header, size, bitmapsOf(file, header, size));
    growth.requireWithinFormat();
    growth.requireNoOldSnapshots();
    return growth;
  }

  private static void requireSound(ImageFile file, Header header) {
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

  private static GrownBitmaps bitmapsOf(ImageFile file, Header header, long size) {
    try {
      return GrownBitmaps.of(file, header, size);
    } catch (FormatException e) {
      throw file.invalid(e);
    }
  }

  /** Makes the change, durably. */
  public void run() {
    dropUnknownAutoclear();
    HeaderSwitch change = new HeaderSwitch(file, header, size);
    if (geometry.l1Entries(size) <= header.l1Entries() && !bitmaps.needSpace()) {
      change.run();
    } else {
      moveTables(change);
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

  private void moveTables(HeaderSwitch change) {
    boolean movesL1 = geometry.l1Entries(size) > header.l1Entries();
    long l1Clusters = movesL1 ? geometry.clusters(geometry.l1Entries(size) * Long.BYTES) : 0;
    TailSpace space;
    try {
      space = TailSpace.reserve(file, header, l1Clusters + bitmaps.newClusters());
      change.refcountTable(space.table());
      if (movesL1) {
        writeL1(space.content(), l1Clusters);
        change.l1((int) geometry.l1Entries(size), space.content());
      }
      if (bitmaps.needSpace()) {
        HostOffset directory = space.content().plus(l1Clusters << geometry.clusterBits());
        bitmaps.write(directory);
        change.bitmaps(directory);
      }
    } catch (FormatException e) {
      throw file.invalid(e);
    }
    space.count();
    change.run();
    space.freeOldTable(header.refcountTableClusters());
    if (movesL1) {
      space.free(header.l1Table(), geometry.clusters(header.l1Bytes()));
    }
    bitmaps.freeOld(space);
    file.force();
  }

  private void writeL1(HostOffset at, long clusters) {
    ByteBuffer l1 = ByteBuffer.allocate((int) (clusters << geometry.clusterBits()));
    l1.put(file.read(header.l1Table(), (int) header.l1Bytes())).rewind();
    file.write(at, l1);
  }
}
