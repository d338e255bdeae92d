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
 * A new refcount table with new blocks, written beyond the end of the file. One write to the header
 * then replaces the old table. Until that write is durable, the image is unchanged.
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
   * The first new cluster. It leaves a gap of one cluster after the file's last one, because a
   * reference may reach up to a cluster beyond the end of the file.
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
   * Writes the new refcounts and replaces the old ones, durably. Call only if no reference of the
   * image leads beyond the end of the file: it could lead into the new blocks.
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
    new ReferenceWalk(image, counts, null, new CheckFindings(), new CheckFindings())
        .walkAllButRefcounts();
    for (long cluster = counts.first(); cluster < counts.end(); cluster++) {
      long references = counts.get(cluster);
      if (references > 0) {
        add(cluster, references);
      }
    }
  }

  /** Records a cluster's refcount. Call in ascending cluster order. */
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

  /** Records the refcounts of the new blocks and of the new table, which follows the blocks. */
  private void addThemselves() {
    long counted = first;
    // Each further block, and each further cluster of the table, needs a refcount too.
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
      throw new StorageException(
          file.path() + ": its refcount table would be larger than the limit of 8 MiB");
    }
  }

  private RefcountBlock emptyBlock() {
    return new RefcountBlock(ByteBuffer.allocate(geometry.clusterSize()), refcounts.order());
  }
}
