package io.basedisk.qcow2.image;

import io.basedisk.domain.model.BackingFile;
import io.basedisk.qcow2.format.GuestOffset;
import java.nio.ByteBuffer;
import java.util.Optional;

/** One open file of a chain. */
sealed interface DiskLayer extends AutoCloseable permits RawLayer, Qcow2Layer {

  ImageFile file();

  /** {@return the size in bytes of the disk that begins with this layer: a multiple of 512} */
  long virtualSize();

  /**
   * Returns this layer's extent at a guest offset.
   *
   * @param at guest offset before the end of this layer
   * @param limit at most the number of bytes to the end of this layer
   * @return an extent of 1 to {@code limit} bytes; the next extent may be of the same kind
   */
  Extent extent(GuestOffset at, long limit);

  /** {@return the backing file that the layer names; empty for the last layer} */
  Optional<BackingFile> backing();

  /** Reads the first {@code count} bytes of an extent of this layer into {@code target}. */
  void read(Extent extent, int count, ByteBuffer target);

  /**
   * {@return whether data of this layer's file, from a position on, is a hole}
   *
   * @param limit limit of the end of the result
   */
  Holes.Part partAt(long position, long limit);

  @Override
  void close();
}
