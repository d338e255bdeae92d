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
 * The refcounts stored in an image file, for reading and repair. Memory holds the whole refcount
 * table, and a cache of parts of refcount blocks.
 *
 * <p>Specification: "Host cluster management".
 */
final class StoredRefcounts {

  /** Limit of the size of a cached part; a smaller block is cached whole. */
  private static final int MAX_PAGE_BITS = 12;

  private static final int SLOTS = 1 << 10;

  private final ImageFile file;
  private final ClusterGeometry geometry;
  private final RefcountGeometry refcounts;
  private final long[] table;
  private final int pageBits;
  private final @Nullable Page[] slots = new @Nullable Page[SLOTS];

  /** A cached part of a refcount block, by its page number in the file. */
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

  /** {@return the number of entries of the refcount table} */
  int tableEntries() {
    return table.length;
  }

  /** {@return an entry of the refcount table} */
  RefcountTableEntry tableEntry(int index) {
    return new RefcountTableEntry(table[index]);
  }

  /**
   * {@return whether the refcount of a cluster can be read} Without a refcount block it can: it is
   * 0.
   */
  boolean isReadable(long cluster) {
    return geometry.mayBeCluster(block(cluster));
  }

  /** {@return the refcount of a cluster, unsigned} Call only if {@link #isReadable}. */
  long get(long cluster) {
    HostOffset block = block(cluster);
    return block.isNowhere() ? 0 : page(block, cluster).refcounts.get(indexInPage(cluster));
  }

  /** {@return whether a refcount block holds the refcount of a cluster} */
  boolean isStored(long cluster) {
    return !block(cluster).isNowhere();
  }

  /**
   * Changes the refcount of a cluster. Call only if {@link #isStored}. The change may stay in
   * memory until {@link #flush}.
   */
  void set(long cluster, long refcount) {
    Page page = page(block(cluster), cluster);
    page.refcounts.set(indexInPage(cluster), refcount);
    page.changed = true;
  }

  /** Writes all changes to the file. The caller makes them durable. */
  void flush() {
    for (Page page : slots) {
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
    int slot = (int) number & (SLOTS - 1);
    Page page = slots[slot];
    if (page == null || page.number != number) {
      if (page != null) {
        write(page);
      }
      ByteBuffer bytes = file.read(new HostOffset(number << pageBits), 1 << pageBits);
      page = new Page(number, new RefcountBlock(bytes, refcounts.order()));
      slots[slot] = page;
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
