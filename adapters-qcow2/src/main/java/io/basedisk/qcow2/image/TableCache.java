package io.basedisk.qcow2.image;

import io.basedisk.qcow2.format.HostOffset;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Parts of the tables of all layers of a chain, in memory; of a bounded size, however long the
 * chain and however large the tables. For files that nobody changes.
 *
 * <p>Each page has one place where it can be, so that a look-up is a few instructions: with a chain
 * of 64 layers, one read makes 128 of them. No locks; two threads that miss at once both read.
 */
final class TableCache {

  private static final int PAGE_BITS = 12;
  private static final int ENTRIES = (1 << PAGE_BITS) / Long.BYTES;

  /** 16 MiB of pages. */
  private static final int PLACES = 1 << 12;

  private final AtomicReferenceArray<@Nullable Page> places = new AtomicReferenceArray<>(PLACES);

  /** A page of table entries: part {@code number} of the file of {@code layer}. */
  private record Page(int layer, long number, LongTable entries) {}

  /** The entries of a page; never changed once it is published. */
  private static final class LongTable {
    private final long[] values = new long[ENTRIES];
  }

  /**
   * Returns a table entry.
   *
   * @param layer which layer of the chain the file is
   * @param at where in the file the entry is, a multiple of 8
   */
  long entry(int layer, ImageFile file, HostOffset at) {
    long number = at.bytes() >>> PAGE_BITS;
    int place = place(layer, number);
    Page page = places.getAcquire(place);
    if (page == null || page.layer != layer || page.number != number) {
      page = read(layer, file, number);
      places.setRelease(place, page);
    }
    return page.entries.values[(int) (at.bytes() >>> 3) & (ENTRIES - 1)];
  }

  private static int place(int layer, long number) {
    long mixed = (number * 31 + layer) * 0x9e3779b97f4a7c15L;
    return (int) (mixed >>> 40) & (PLACES - 1);
  }

  private static Page read(int layer, ImageFile file, long number) {
    ByteBuffer bytes = file.read(new HostOffset(number << PAGE_BITS), 1 << PAGE_BITS);
    LongTable entries = new LongTable();
    bytes.asLongBuffer().get(entries.values);
    return new Page(layer, number, entries);
  }
}
