package io.basedisk.qcow2.check;

import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.format.RefcountBlock;
import io.basedisk.qcow2.format.RefcountGeometry;
import io.basedisk.qcow2.format.RefcountTableEntry;
import io.basedisk.qcow2.image.ImageFile;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The refcounts in an image file, to be read and to be mended. The whole refcount table is in
 * memory, and of the refcount blocks the parts that were used last.
 *
 * <p>Specification: "Host cluster management".
 */
final class StoredRefcounts {

  /** At most: blocks of 512 bytes are read whole. */
  private static final int MAX_PAGE_BITS = 12;

  private static final int PLACES = 1 << 10;

  private final ImageFile file;
  private final ClusterGeometry geometry;
  private final RefcountGeometry refcounts;
  private final long[] table;
  private final int pageBits;
  private final @Nullable Page[] places = new @Nullable Page[PLACES];

  /** A part of the file with refcounts in it, by its number. */
  private static final class Page {

    private final long number;
    private final RefcountBlock refcounts;
    private boolean changed;

    Page(long number, RefcountBlock refcounts) {
      this.number = number;
      this.refcounts = refcounts;
    }
  }

  /** Reads the refcount table. */
  StoredRefcounts(ImageFile file, Header header) {
    this.file = file;
    this.geometry = header.geometry();
    this.refcounts = new RefcountGeometry(geometry.clusterBits(), header.refcountOrder());
    this.pageBits = Math.min(geometry.clusterBits(), MAX_PAGE_BITS);
    int bytes = header.refcountTableClusters() * geometry.clusterSize();
    this.table = new long[bytes / Long.BYTES];
    file.read(header.refcountTable(), bytes).asLongBuffer().get(table);
  }

  /** Returns the number of entries of the refcount table. */
  int tableEntries() {
    return table.length;
  }

  /** Returns an entry of the refcount table. */
  RefcountTableEntry tableEntry(int index) {
    return new RefcountTableEntry(table[index]);
  }

  /** Returns whether there is a way to the refcount of a cluster, if only to say that it is 0. */
  boolean isReadable(long cluster) {
    return geometry.mayBeCluster(block(cluster));
  }

  /** Returns the refcount of a cluster, as if unsigned; the way to it has to be readable. */
  long get(long cluster) {
    HostOffset block = block(cluster);
    return block.isNowhere() ? 0 : page(block, cluster).refcounts.get(indexInPage(cluster));
  }

  /** Returns whether there is a block that has the refcount of a cluster. */
  boolean isStored(long cluster) {
    return !block(cluster).isNowhere();
  }

  /**
   * Changes the refcount of a cluster that has one. It may be in memory alone until {@link #flush}.
   */
  void set(long cluster, long refcount) {
    Page page = page(block(cluster), cluster);
    page.refcounts.set(indexInPage(cluster), refcount);
    page.changed = true;
  }

  /** Writes every change to the file; it is not durable by that. */
  void flush() {
    for (Page page : places) {
      if (page != null) {
        write(page);
      }
    }
  }

  private int indexInPage(long cluster) {
    int bit = refcounts.blockIndex(cluster) << refcounts.order();
    return (bit & ((Byte.SIZE << pageBits) - 1)) >>> refcounts.order();
  }

  private HostOffset block(long cluster) {
    long index = refcounts.tableIndex(cluster);
    return index < table.length ? tableEntry((int) index).block() : HostOffset.NOWHERE;
  }

  private Page page(HostOffset block, long cluster) {
    int bit = refcounts.blockIndex(cluster) << refcounts.order();
    long number = (block.bytes() + bit / Byte.SIZE) >>> pageBits;
    int place = (int) number & (PLACES - 1);
    Page page = places[place];
    if (page == null || page.number != number) {
      if (page != null) {
        write(page);
      }
      ByteBuffer bytes = file.read(new HostOffset(number << pageBits), 1 << pageBits);
      page = new Page(number, new RefcountBlock(bytes, refcounts.order()));
      places[place] = page;
    }
    return page;
  }

  private void write(Page page) {
    if (page.changed) {
      file.write(new HostOffset(page.number << pageBits), page.refcounts.bytes().duplicate());
      page.changed = false;
    }
  }
}
