package io.basedisk.qcow2.image;

import io.basedisk.domain.model.BackingFile;
import io.basedisk.qcow2.format.GuestOffset;
import java.nio.ByteBuffer;
import java.util.Optional;

/** One file of a chain, opened. */
sealed interface Layer extends AutoCloseable permits RawLayer, Qcow2Layer {

  ImageFile file();

  /** Returns the bytes of the disk that this layer, with all below it, is: a multiple of 512. */
  long virtualSize();

  /**
   * Returns what this layer says of the guest bytes from {@code at} on.
   *
   * @param at before the end of this layer
   * @param limit at most the bytes from there to the end of this layer
   * @return an extent of 1 to {@code limit} bytes; more may follow that is of the same kind
   */
  Extent extent(GuestOffset at, long limit);

  /** Returns the backing file that it names; empty if it is the last of its chain. */
  Optional<BackingFile> backing();

  /** Puts the first {@code count} bytes of an extent of this layer's into {@code target}. */
  void read(Extent extent, int count, ByteBuffer target);

  /**
   * Returns what begins at a position of this layer's file, where it has data.
   *
   * @param limit where it ends, if not before
   */
  Holes.Part partAt(long position, long limit);

  @Override
  void close();
}
