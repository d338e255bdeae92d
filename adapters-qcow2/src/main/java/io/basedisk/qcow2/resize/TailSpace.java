package io.basedisk.qcow2.resize;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.FileBounds;
import io.basedisk.qcow2.format.FormatException;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.format.RefcountBlock;
import io.basedisk.qcow2.format.RefcountGeometry;
import io.basedisk.qcow2.format.RefcountTableEntry;
import io.basedisk.qcow2.image.ImageFile;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * New clusters at the end of an image file, with refcounts of any width. The header does not lead
 * to them until the caller writes it, so that a power cut before that leaks them and no more.
 *
 * <p>Call in this order: {@link #reserve}; write the content; {@link #count}; switch the header to
 * the content and to {@link #table}; {@link #free} what the old header led to. Not thread-safe.
 *
 * <p>Specification: "Host cluster management".
 */
final class TailSpace {

  /** Limit of used clusters beyond the end of the file. A crash leaves fewer; more are hostile. */
  private static final int MAX_SKIPPED = 1 << 20;

  private final ImageFile file;
  private final ClusterGeometry geometry;
  private final RefcountGeometry refcounts;
  private final HostOffset oldTable;
  private final TailLayout layout;
  private final long[] table;

  /**
   * Where the refcount table is.
   *
   * @param start offset of the table
   * @param clusters number of its clusters
   */
  record Table(HostOffset start, int clusters) {}

  private TailSpace(ImageFile file, Header header, long contentClusters) throws FormatException {
    this.file = file;
    this.geometry = header.geometry();
    this.refcounts = new RefcountGeometry(geometry.clusterBits(), header.refcountOrder());
    this.oldTable = header.refcountTable();
    long[] present = new long[header.refcountTableClusters() * (geometry.clusterSize() / 8)];
    file.read(oldTable, present.length * Long.BYTES).asLongBuffer().get(present);
    this.layout = layout(present, contentClusters);
    long bytes = layout.tableClusters() << geometry.clusterBits();
    if (bytes > Header.MAX_REFCOUNT_TABLE_BYTES) {
      throw new InvalidArgumentException(
          file.path() + ": its refcount table would be larger than the limit of 8 MiB");
    }
    this.table =
        layout.tableClusters() == 0 ? present : Arrays.copyOf(present, (int) (bytes / Long.BYTES));
  }

  /**
   * Finds space for clusters that follow one another, beyond the end of the file and beyond all
   * clusters with a refcount there. Changes nothing.
   *
   * @throws FormatException if the image's refcounts are invalid
   * @throws InvalidArgumentException if the refcount table would exceed its limit
   */
  static TailSpace reserve(ImageFile file, Header header, long clusters) throws FormatException {
    return new TailSpace(file, header, clusters);
  }

  private TailLayout layout(long[] present, long clusters) throws FormatException {
    long first = geometry.clusters(file.length());
    for (int skipped = 0; skipped < MAX_SKIPPED; skipped++) {
      TailLayout found =
          TailLayout.of(
              first,
              clusters,
              present.length,
              geometry,
              refcounts,
              index ->
                  index < present.length
                      && !new RefcountTableEntry(present[(int) index]).block().isNowhere());
      long used = lastUsed(present, found);
      if (used < 0) {
        return found;
      }
      first = used + 1; // Leaked, for example by a crash. A check reclaims it.
    }
    throw new FormatException("the clusters beyond the end of the file are counted as used");
  }

  /** {@return the last cluster of a layout that has a refcount already; -1 if none has} */
  private long lastUsed(long[] present, TailLayout found) throws FormatException {
    long cluster = found.first();
    long last = -1;
    while (cluster < found.end()) {
      long index = refcounts.tableIndex(cluster);
      long end = Math.min(found.end(), (index + 1) * refcounts.blockEntries());
      HostOffset at =
          index < present.length
              ? new RefcountTableEntry(present[(int) index]).block()
              : HostOffset.NOWHERE;
      if (!at.isNowhere()) {
        Part part = Part.read(this, at, cluster, end);
        for (; cluster < end; cluster++) {
          last = part.get(cluster) == 0 ? last : cluster;
        }
      }
      cluster = end;
    }
    return last;
  }

  /** {@return the offset of the first cluster for the caller} */
  HostOffset content() {
    return geometry.clusterOffset(layout.content());
  }

  /** {@return where the header has to lead for the refcounts, from the switch on} */
  Table table() {
    return layout.tableClusters() == 0
        ? new Table(oldTable, (int) (((long) table.length * Long.BYTES) >>> geometry.clusterBits()))
        : new Table(geometry.clusterOffset(layout.first()), (int) layout.tableClusters());
  }

  // Counting.

  /**
   * Gives each new cluster the refcount 1, durably. The content must be written. After a power cut
   * in here, the new clusters are leaked or unused.
   */
  void count() {
    writeBlocks();
    if (layout.tableClusters() > 0) {
      ByteBuffer bytes = ByteBuffer.allocate(table.length * Long.BYTES);
      bytes.asLongBuffer().put(table);
      file.write(geometry.clusterOffset(layout.first()), bytes);
    }
    // The blocks first: an entry durable before its block would lead to arbitrary refcounts.
    file.force();
    raise();
    file.force();
    if (layout.tableClusters() == 0 && layout.blocks() > 0) {
      // Then the entries: the refcount of a new block may be in an old one.
      writeEntries();
      file.force();
    }
  }

  /** Writes the new blocks, and enters them in the table in memory. */
  private void writeBlocks() {
    long next = layout.firstBlock();
    long lastIndex = refcounts.tableIndex(layout.end() - 1);
    for (long index = refcounts.tableIndex(layout.first()); index <= lastIndex; index++) {
      if (new RefcountTableEntry(table[(int) index]).block().isNowhere()) {
        HostOffset at = geometry.clusterOffset(next++);
        table[(int) index] = at.bytes();
        RefcountBlock block =
            new RefcountBlock(ByteBuffer.allocate(geometry.clusterSize()), refcounts.order());
        long end = Math.min(layout.end(), (index + 1) * refcounts.blockEntries());
        for (long c = Math.max(layout.first(), index * refcounts.blockEntries()); c < end; c++) {
          block.set(refcounts.blockIndex(c), 1);
        }
        file.write(at, block.bytes().duplicate());
      }
    }
  }

  private boolean isNew(HostOffset block) {
    long cluster = geometry.clusterNumber(block);
    return cluster >= layout.firstBlock() && cluster < layout.content();
  }

  /** Raises the refcounts of new clusters in blocks that were there before. */
  private void raise() {
    long cluster = layout.first();
    while (cluster < layout.end()) {
      long index = refcounts.tableIndex(cluster);
      long end = Math.min(layout.end(), (index + 1) * refcounts.blockEntries());
      HostOffset at = new RefcountTableEntry(table[(int) index]).block();
      if (!isNew(at)) {
        Part part = Part.at(this, at, cluster, end);
        for (long c = cluster; c < end; c++) {
          part.set(c, 1);
        }
        part.write();
      }
      cluster = end;
    }
  }

  private void writeEntries() {
    long lastIndex = refcounts.tableIndex(layout.end() - 1);
    for (long index = refcounts.tableIndex(layout.first()); index <= lastIndex; index++) {
      long entry = table[(int) index];
      if (isNew(new RefcountTableEntry(entry).block())) {
        file.write(
            oldTable.plus(index * Long.BYTES),
            ByteBuffer.allocate(Long.BYTES).putLong(entry).flip());
      }
    }
  }

  // Freeing.

  /** Frees the old refcount table, if a new one replaces it. Call after the header's switch. */
  void freeOldTable(int oldClusters) {
    if (layout.tableClusters() > 0) {
      free(oldTable, oldClusters);
    }
  }

  /**
   * Frees clusters to which the header leads no more. A cluster with another refcount than 1 stays,
   * because something else refers to it. So does one whose refcount can't be read: the change that
   * this ends is complete.
   */
  void free(HostOffset start, long clusters) {
    try {
      freeCounted(start, clusters);
    } catch (FormatException leaked) {
      // A check finds the clusters.
    }
  }

  private void freeCounted(HostOffset start, long clusters) throws FormatException {
    long cluster = geometry.clusterNumber(start);
    long afterLast = cluster + clusters;
    while (cluster < afterLast) {
      long index = refcounts.tableIndex(cluster);
      long end = Math.min(afterLast, (index + 1) * refcounts.blockEntries());
      HostOffset at =
          index < table.length
              ? new RefcountTableEntry(table[(int) index]).block()
              : HostOffset.NOWHERE;
      if (!at.isNowhere()) {
        Part part = Part.read(this, at, cluster, end);
        for (long c = cluster; c < end; c++) {
          part.set(c, part.get(c) == 1 ? 0 : part.get(c));
        }
        part.write();
      }
      cluster = end;
    }
  }

  /**
   * The bytes of a refcount block that hold the refcounts of some clusters.
   *
   * @param at offset of the first byte in the file
   * @param skipped index of that byte's first refcount in the block
   */
  private record Part(
      ImageFile file, HostOffset at, int skipped, RefcountBlock counts, RefcountGeometry geometry) {

    /** Reads a part of a block whose position was checked before. */
    static Part at(TailSpace space, HostOffset block, long cluster, long end) {
      try {
        return read(space, block, cluster, end);
      } catch (FormatException e) {
        throw space.file.invalid(e);
      }
    }

    static Part read(TailSpace space, HostOffset block, long cluster, long end)
        throws FormatException {
      new FileBounds(space.file.length(), space.geometry).requireCluster("refcount block", block);
      RefcountGeometry geometry = space.refcounts;
      int bits = 1 << geometry.order();
      long firstByte = (long) geometry.blockIndex(cluster) * bits / Byte.SIZE;
      long lastByte = ((long) geometry.blockIndex(end - 1) * bits + bits - 1) / Byte.SIZE;
      HostOffset start = block.plus(firstByte);
      ByteBuffer bytes = space.file.read(start, (int) (lastByte - firstByte + 1));
      return new Part(
          space.file,
          start,
          (int) (firstByte * Byte.SIZE / bits),
          new RefcountBlock(bytes, geometry.order()),
          geometry);
    }

    long get(long cluster) {
      return counts.get(geometry.blockIndex(cluster) - skipped);
    }

    void set(long cluster, long count) {
      counts.set(geometry.blockIndex(cluster) - skipped, count);
    }

    void write() {
      file.write(at, counts.bytes().duplicate());
    }
  }
}
