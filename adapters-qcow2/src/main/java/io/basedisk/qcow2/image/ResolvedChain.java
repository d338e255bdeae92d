package io.basedisk.qcow2.image;

import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.qcow2.format.GuestOffset;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A chain that is only read, with what it was found to consist of: so that reading costs the same
 * with one layer and with many. The memory that this takes is bounded: there are so many places for
 * pieces, and a piece has so many runs at most, however large the disk. Safe for many threads.
 *
 * <p>Each piece has one place where it can be, so that a look-up is a few instructions. No locks;
 * two threads that miss at once both find out.
 */
final class ResolvedChain {

  /** A piece is so many of the smallest clusters of its chain: at most so many runs, about. */
  private static final int UNITS = 128;

  /** At most 12 MiB of runs, where no two clusters are side by side. */
  private static final int PLACES = 1 << 12;

  private static final int RAW_UNIT = 64 << 10;

  private final Chain chain;
  private final int unit;
  private final int pieceBits;
  private final AtomicReferenceArray<@Nullable ResolvedPiece> places =
      new AtomicReferenceArray<>(PLACES);

  ResolvedChain(Chain chain) {
    this.chain = chain;
    this.unit = chain.layers().stream().mapToInt(ResolvedChain::unitOf).min().orElseThrow();
    this.pieceBits = Integer.numberOfTrailingZeros(unit * UNITS);
  }

  private static int unitOf(Layer layer) {
    return layer instanceof Qcow2Layer qcow2
        ? qcow2.header().geometry().subclusterSize()
        : RAW_UNIT;
  }

  /** Puts the disk's bytes from {@code offset} on into {@code target}; returns how many. */
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

  /** Reads up to the end of a piece; returns how many bytes. */
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
      // It says what is wrong there.
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
    int place = place(number);
    ResolvedPiece piece = places.getAcquire(place);
    if (piece == null || piece.number() != number) {
      piece = resolve(number);
      places.setRelease(place, piece);
    }
    return piece;
  }

  /** Neighbours have places of their own, and so have places in a stride. */
  private static int place(long number) {
    return (int) (number ^ (number >>> 12) ^ (number >>> 24)) & (PLACES - 1);
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
        // Only who reads this is to be refused, not who reads what is beside it.
        piece.addDamaged(Math.min(unit - at % unit, length - at));
      }
    }
    return piece.build();
  }
}
