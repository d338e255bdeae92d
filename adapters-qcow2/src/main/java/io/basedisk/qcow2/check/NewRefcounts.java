package io.basedisk.qcow2.check;

import io.basedisk.domain.error.StorageException;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.format.RefcountBlock;
import io.basedisk.qcow2.format.RefcountGeometry;
import io.basedisk.qcow2.image.ImageFile;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A refcount table with its blocks, written anew behind the end of the file, where nothing is; one
 * write of the header then puts them in the place of the old ones. Until that write is durable, the
 * image is as it was.
 *
 * <p>Specification: "Host cluster management".
 */
final class NewRefcounts {

  private static final int MIN_ENTRIES = 64;

  private final CheckedImage image;
  private final ImageFile file;
  private final ClusterGeometry geometry;
  private final RefcountGeometry refcounts;

  /**
   * The first cluster of what is new: the one before may be referred to, and not be in the file.
   */
  private final long first;

  private long next;
  private long[] table = new long[MIN_ENTRIES];
  private RefcountBlock block;
  private long blockIndex;

  NewRefcounts(CheckedImage image) {
    this.image = image;
    this.file = image.file();
    this.geometry = image.header().geometry();
    this.refcounts = new RefcountGeometry(geometry.clusterBits(), image.header().refcountOrder());
    this.first = image.clusters() + 1;
    this.next = first;
    this.block = emptyBlock();
  }

  /**
   * Writes them, and makes them the image's, durably. All that the image refers to has to be inside
   * the file: else it might refer to them.
   */
  void replaceOld() {
    ReferenceCounts.forEachStretch(image, this::addStretch);
    addThemselves();
    file.force();
    // Both fields change in one write within a sector: a power cut leaves the old or the new table.
    file.write(
        Header.REFCOUNT_TABLE_FIELDS,
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
            .putLong(geometry.clusterOffset(next).bytes())
            .putInt((int) tableClusters())
            .flip());
    file.force();
  }

  private void addStretch(ReferenceCounts counts) {
    new ReferenceWalk(image, counts, null, new Findings(), new Findings()).walkAllButRefcounts();
    for (long cluster = counts.first(); cluster < counts.end(); cluster++) {
      long references = counts.get(cluster);
      if (references > 0) {
        add(cluster, references);
      }
    }
  }

  /** Counts a cluster; none comes before the one that came last. */
  private void add(long cluster, long references) {
    long index = refcounts.tableIndex(cluster);
    if (index != blockIndex) {
      writeBlock();
      block = emptyBlock();
      blockIndex = index;
    }
    block.set(refcounts.blockIndex(cluster), references);
  }

  private void writeBlock() {
    HostOffset at = geometry.clusterOffset(next++);
    file.write(at, block.bytes().duplicate());
    if (blockIndex >= table.length) {
      table = Arrays.copyOf(table, Math.max(2 * table.length, (int) blockIndex + 1));
    }
    table[(int) blockIndex] = at.bytes();
  }

  /** Counts what is new; the table comes last, behind the blocks. */
  private void addThemselves() {
    long counted = first;
    // Each block that is written for these, and each cluster of the table, is one more to count.
    while (counted < next + 1 + tableClusters()) {
      add(counted, 1);
      counted++;
    }
    writeBlock();
    requireCountable();
    ByteBuffer bytes = ByteBuffer.allocate((int) (tableClusters() << geometry.clusterBits()));
    bytes.asLongBuffer().put(table, 0, entries());
    file.write(geometry.clusterOffset(next), bytes);
  }

  private int entries() {
    return (int) blockIndex + 1;
  }

  private long tableClusters() {
    return geometry.clusters((long) entries() * Long.BYTES);
  }

  private void requireCountable() {
    if (tableClusters() << geometry.clusterBits() > Header.MAX_REFCOUNT_TABLE_BYTES) {
      throw new StorageException(file.path() + ": a refcount table for it would be too large");
    }
  }

  private RefcountBlock emptyBlock() {
    return new RefcountBlock(ByteBuffer.allocate(geometry.clusterSize()), refcounts.order());
  }
}
