package io.basedisk.qcow2.image;

import io.basedisk.qcow2.format.HostOffset;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Cache of table entries for all layers of a chain. Its size is bounded, independent of the length
 * of the chain and the size of the tables. For read-only files.
 *
 * <p>The cache is direct-mapped: each page has one slot, so that a look-up takes a few
 * instructions. With a chain of 64 layers, one read makes 128 look-ups. It has no locks; two
 * threads that miss at once both read the page.
 */
final class TableCache {

  private static final int PAGE_BITS = 12;
  private static final int ENTRIES = (1 << PAGE_BITS) / Long.BYTES;

  /** 16 MiB of pages. */
  private static final int SLOTS = 1 << 12;

  private final AtomicReferenceArray<@Nullable Page> slots = new AtomicReferenceArray<>(SLOTS);

  /** A page of table entries: part {@code number} of the file of {@code layer}. */
  private record Page(int layer, long number, LongTable entries) {}

  /** The entries of a page, immutable after publication. */
  private static final class LongTable {
    private final long[] values = new long[ENTRIES];
  }

  /**
   * {@return a table entry}
   *
   * @param layer number of the layer, counted from the top
   * @param at offset of the entry in the file, a multiple of 8
   */
  long entry(int layer, ImageFile file, HostOffset at) {
    long number = at.bytes() >>> PAGE_BITS;
    int slot = slotOf(layer, number);
    Page page = slots.getAcquire(slot);
    if (page == null || page.layer != layer || page.number != number) {
      page = read(layer, file, number);
      slots.setRelease(slot, page);
    }
    return page.entries.values[(int) (at.bytes() >>> 3) & (ENTRIES - 1)];
  }

  private static int slotOf(int layer, long number) {
    long mixed = (number * 31 + layer) * 0x9e3779b97f4a7c15L;
    return (int) (mixed >>> 40) & (SLOTS - 1);
  }

  private static Page read(int layer, ImageFile file, long number) {
    ByteBuffer bytes = file.read(new HostOffset(number << PAGE_BITS), 1 << PAGE_BITS);
    LongTable entries = new LongTable();
    bytes.asLongBuffer().get(entries.values);
    return new Page(layer, number, entries);
  }
}
