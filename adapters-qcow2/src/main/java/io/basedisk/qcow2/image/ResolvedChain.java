package io.basedisk.qcow2.image;

import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.qcow2.format.GuestOffset;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A read-only chain with a cache of resolved pieces, so that reads cost the same for one layer and
 * for many. Memory is bounded, independent of the size of the disk: the cache has a fixed number of
 * slots, and a piece a limited number of runs. Thread-safe.
 *
 * <p>The cache is direct-mapped: each piece has one slot, so that a look-up takes a few
 * instructions. It has no locks; two threads that miss at once both resolve the piece.
 */
final class ResolvedChain {

  /**
   * Size of a piece, in units of the chain's smallest cluster. This also limits its number of runs.
   */
  private static final int UNITS = 128;

  /** At most 12 MiB of runs, if no two clusters are contiguous. */
  private static final int SLOTS = 1 << 12;

  private static final int RAW_UNIT = 64 << 10;

  private final Chain chain;
  private final int unit;
  private final int pieceBits;
  private final AtomicReferenceArray<@Nullable ResolvedPiece> slots =
      new AtomicReferenceArray<>(SLOTS);

  ResolvedChain(Chain chain) {
    this.chain = chain;
    this.unit = chain.layers().stream().mapToInt(ResolvedChain::unitOf).min().orElseThrow();
    this.pieceBits = Integer.numberOfTrailingZeros(unit * UNITS);
  }

  private static int unitOf(DiskLayer layer) {
    return layer instanceof Qcow2Layer qcow2
        ? qcow2.header().geometry().subclusterSize()
        : RAW_UNIT;
  }

  /**
   * Reads the disk's bytes from {@code offset} on into {@code target}, and returns their number.
   */
  int read(long offset, ByteBuffer target) {
    if (offset < 0) {
      throw new IllegalArgumentException("offset " + offset);
    }
    int count = (int) Math.max(0, Math.min(target.remaining(), chain.virtualSize() - offset));
    for (int done = 0; done < count; ) {
      done += readInPiece(offset + done, count - done, target);
    }
    return count;
  }

  /** Reads up to the end of a piece, and returns the number of bytes. */
  private int readInPiece(long offset, int limit, ByteBuffer target) {
    ResolvedPiece piece = piece(offset >>> pieceBits);
    int start = (int) (offset & ((1L << pieceBits) - 1));
    int end = start + Math.min(limit, (1 << pieceBits) - start);
    int run = piece.runAt(start);
    for (int at = start; at < end; run++) {
      int length = Math.min(end, piece.end(run)) - at;
      readRun(piece, run, at, length, target);
      at += length;
    }
    return end - start;
  }

  private void readRun(ResolvedPiece piece, int run, int at, int length, ByteBuffer target) {
    int layer = piece.layer(run);
    if (layer == ResolvedPiece.ZEROS) {
      Zeros.fill(target, length);
    } else if (layer == ResolvedPiece.DAMAGED) {
      // Throws the error for the damage.
      ByteBuffer part = target.slice(target.position(), length);
      chain.read((piece.number() << pieceBits) + at, part);
      target.position(target.position() + length);
    } else if (piece.isCompressed(run)) {
      Qcow2Layer qcow2 = (Qcow2Layer) chain.layers().get(layer);
      GuestOffset offset = new GuestOffset((piece.number() << pieceBits) + at);
      int skipped = qcow2.header().geometry().offsetInCluster(offset);
      qcow2.read(new Extent.Compressed(piece.compressed(run), skipped, length), length, target);
    } else {
      ImageFile file = chain.layers().get(layer).file();
      file.read(piece.host(run, at), target.slice(target.position(), length));
      target.position(target.position() + length);
    }
  }

  private ResolvedPiece piece(long number) {
    int slot = slotOf(number);
    ResolvedPiece piece = slots.getAcquire(slot);
    if (piece == null || piece.number() != number) {
      piece = resolve(number);
      slots.setRelease(slot, piece);
    }
    return piece;
  }

  /**
   * {@return the slot of a piece} Neighbours, and pieces at a regular distance, have different
   * slots.
   */
  private static int slotOf(long number) {
    return (int) (number ^ (number >>> 12) ^ (number >>> 24)) & (SLOTS - 1);
  }

  private ResolvedPiece resolve(long number) {
    long start = number << pieceBits;
    int length = (int) Math.min(1L << pieceBits, chain.virtualSize() - start);
    RunFinder finder = new RunFinder(chain.layers());
    ResolvedPiece.Builder piece = new ResolvedPiece.Builder(number);
    while (piece.end() < length) {
      int at = piece.end();
      try {
        piece.add(finder.runAt(new GuestOffset(start + at), length - at));
      } catch (InvalidImageException e) {
        // Only a read of the damaged range fails, not a read next to it.
        piece.addDamaged(Math.min(unit - at % unit, length - at));
      }
    }
    return piece.build();
  }
}
