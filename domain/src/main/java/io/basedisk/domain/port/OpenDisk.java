package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.image.MapEntry;
import java.nio.ByteBuffer;
import java.util.Iterator;

/**
 * A disk as its guest sees it, opened to be read through its backing chain; see {@link
 * ImageTools#open}.
 *
 * <p>While it is open, a program that keeps to QEMU's image locks can't start to write to one of
 * its files. It holds a bounded amount of memory, however large the disk and however long the
 * chain.
 *
 * <p>Safe for many threads, which don't wait for each other. An interrupt has no effect on it: a
 * read completes and the thread stays interrupted.
 */
public interface OpenDisk extends AutoCloseable {

  /** Returns the files that make it up, the disk's own first; at least one. */
  ImmutableList<LayerFile> layers();

  /**
   * Returns the bytes of the disk, a multiple of 512, 0 or more. A raw file that ends within a
   * sector goes on with zeros to the end of that sector; of the virtual size in a qcow2 header only
   * whole sectors count.
   */
  long virtualSize();

  /**
   * Reads bytes of the disk: as many as there is room for in {@code target}, or as there are.
   *
   * @param offset where to start, in bytes; 0 or more
   * @return how many bytes were read; 0 from the end of the disk on
   * @throws IllegalArgumentException if {@code offset} is negative
   * @throws io.basedisk.domain.error.InvalidImageException if the image does not say where they are
   * @throws io.basedisk.domain.error.StorageException if a file can't be read, or this is closed
   */
  int read(long offset, ByteBuffer target);

  /**
   * Returns where each part of the disk is, in order and without a gap, as {@code qemu-img map}
   * says it. A disk of 0 bytes has one entry, which is empty. Each entry is found when it is asked
   * for, so that a map of any length takes bounded memory; only tables are read. The iterator is
   * not safe for many threads, is to be used before this is closed, and throws what {@link #read}
   * throws.
   */
  Iterator<MapEntry> map();

  /** Closes the files and lets writers start; to close it again has no effect. */
  @Override
  void close();
}
