package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.image.MapEntry;
import java.nio.ByteBuffer;
import java.util.Iterator;

/**
 * A read-only view of a disk as its guest sees it, through its backing chain; see {@link
 * ImageTools#open}.
 *
 * <p>While it is open, a program with QEMU's image locks can't start to write to one of its files.
 * Memory is bounded, independent of the size of the disk and the length of the chain.
 *
 * <p>Thread-safe, and reads do not wait for each other. An interrupt does not end a read; it stays
 * pending.
 */
public interface OpenDisk extends AutoCloseable {

  /** {@return the files of the chain, top first; at least one} */
  ImmutableList<LayerFile> layers();

  /**
   * {@return the size of the disk in bytes, in whole sectors of 512 bytes: a raw file's size is
   * rounded up with zeros, a qcow2 header's virtual size is rounded down}
   */
  long virtualSize();

  /**
   * Reads bytes of the disk, until {@code target} is full or the disk ends.
   *
   * @param offset guest offset of the first byte, 0 or more
   * @param target receives the bytes from its position to its limit
   * @return number of bytes read; 0 at or after the end of the disk
   * @throws IllegalArgumentException if {@code offset} is negative
   * @throws io.basedisk.domain.error.InvalidImageException if an image is damaged
   * @throws io.basedisk.domain.error.StorageException if a file can't be read, or this is closed
   */
  int read(long offset, ByteBuffer target);

  /**
   * {@return the map of the disk, in ascending order and without gaps, like {@code qemu-img map}} A
   * disk of 0 bytes has one empty entry. Each entry is found when it is requested, from tables
   * alone, so that a map of any length takes bounded memory. The iterator is not thread-safe, must
   * be used before this is closed, and throws the same errors as {@link #read}.
   */
  Iterator<MapEntry> map();

  /** Closes the files and lets writers start. A second call has no effect. */
  @Override
  void close();
}
