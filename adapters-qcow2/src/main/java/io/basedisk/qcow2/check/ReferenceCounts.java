package io.basedisk.qcow2.check;

import io.basedisk.qcow2.format.RefcountBlock;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Number of references to each host cluster of one stretch of the file. References to other
 * clusters are ignored. A file that exceeds the memory limit of a check is checked stretch by
 * stretch.
 *
 * <p>A count is as wide as a refcount of the image, and saturates at the same maximum. Pages are
 * allocated on the first count in them.
 */
final class ReferenceCounts {

  /** Memory limit. With QEMU's default options, it covers 2 TiB at once. */
  private static final long MAX_BYTES = 64L << 20;

  private static final int PAGE_BYTES = 32 << 10;

  /** No image has enough references to need a wider count. */
  private static final int MAX_ORDER = 5;

  private final int order;
  private final int pageBits;
  private final long first;
  private final long end;
  private final long maximum;
  private final @Nullable RefcountBlock[] pages;

  /** Receives the counts of one stretch of the file. */
  @FunctionalInterface
  interface Visitor {
    void visit(ReferenceCounts stretch);
  }

  /** Visits the stretches of an image in ascending order, each with all counts 0. */
  static void forEachStretch(CheckedImage image, Visitor visitor) {
    // A valid reference may reach up to a cluster beyond the end of the file.
    long end = image.clusters() + 1;
    long next = 0;
    while (next < end) {
      ReferenceCounts stretch = new ReferenceCounts(image.header().refcountOrder(), next, end);
      visitor.visit(stretch);
      next = stretch.end();
    }
  }

  /**
   * Makes a stretch with all counts 0.
   *
   * @param refcountOrder binary logarithm of a refcount's width in bits
   * @param first the first host cluster to count
   * @param fileEnd one more than the last cluster of the file
   */
  ReferenceCounts(int refcountOrder, long first, long fileEnd) {
    this.order = Math.min(refcountOrder, MAX_ORDER);
    this.pageBits = Integer.numberOfTrailingZeros(PAGE_BYTES * Byte.SIZE) - order;
    this.first = first;
    this.end = Math.min(fileEnd, first + ((MAX_BYTES * Byte.SIZE) >>> order));
    this.maximum = new RefcountBlock(ByteBuffer.allocate(0), order).maximum();
    this.pages =
        new @Nullable RefcountBlock[(int) ((end - first + (1L << pageBits) - 1) >>> pageBits)];
  }

  long first() {
    return first;
  }

  /** {@return one more than the last cluster of the stretch} */
  long end() {
    return end;
  }

  boolean covers(long cluster) {
    return cluster >= first && cluster < end;
  }

  /**
   * Counts references to a cluster.
   *
   * @return the number of references above the maximum of a refcount
   */
  long add(long cluster, long references) {
    if (!covers(cluster)) {
      return 0;
    }
    RefcountBlock page = page(cluster);
    int index = indexInPage(cluster);
    long count = page.get(index);
    long added = Math.min(references, maximum - count);
    page.set(index, count + added);
    return references - added;
  }

  /** {@return the number of references to a cluster of this stretch} */
  long get(long cluster) {
    RefcountBlock page = pages[pageOf(cluster)];
    return page == null ? 0 : page.get(indexInPage(cluster));
  }

  private RefcountBlock page(long cluster) {
    int number = pageOf(cluster);
    RefcountBlock page = pages[number];
    if (page == null) {
      page = new RefcountBlock(ByteBuffer.allocate(PAGE_BYTES), order);
      pages[number] = page;
    }
    return page;
  }

  private int pageOf(long cluster) {
    return (int) ((cluster - first) >>> pageBits);
  }

  private int indexInPage(long cluster) {
    return (int) (cluster - first) & ((1 << pageBits) - 1);
  }
}
