package io.basedisk.qcow2.image;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A disk as its guest sees it, opened to be read through its backing chain.
 *
 * <p>The files that make it up are those that the caller names; nothing that an image names is
 * opened. They must not change while it is open. Opening it reads the header of each, and bounds
 * what reading will hold in memory: 16 MiB of tables, and one cluster for each thread that reads
 * compressed data at once.
 *
 * <p>Safe for many threads, which don't wait for each other. An interrupt has no effect on it: the
 * read completes and the thread stays interrupted.
 */
public final class DiskImage implements AutoCloseable {

  private final Chain chain;

  private DiskImage(Chain chain) {
    this.chain = chain;
  }

  /**
   * Opens a disk.
   *
   * @param layers the files of its chain, the disk's own first; each but the last has the next as
   *     its backing file
   * @throws io.basedisk.domain.error.NotFoundException if one of them is not there
   * @throws io.basedisk.domain.error.InvalidImageException if one of them is no image that can be
   *     read, or no regular file
   * @throws io.basedisk.domain.error.InvalidArgumentException if more files than one follow the
   *     disk's last layer, or one is missing, by what the headers say
   * @throws io.basedisk.domain.error.StorageException if one of them can't be read
   */
  public static DiskImage open(List<LayerFile> layers) {
    return new DiskImage(Chain.open(layers));
  }

  /** Returns the bytes of the disk. */
  public long virtualSize() {
    return chain.virtualSize();
  }

  /**
   * Reads bytes of the disk: as many as there is room for in {@code target}, or as there are.
   *
   * @param offset where to start, 0 or more
   * @return how many were read; 0 from the end of the disk on
   * @throws io.basedisk.domain.error.InvalidImageException if the image does not say where they are
   * @throws io.basedisk.domain.error.StorageException if a file can't be read, or this is closed
   */
  public int read(long offset, ByteBuffer target) {
    return chain.read(offset, target);
  }

  /** Closes the files; to close it again has no effect. */
  @Override
  public void close() {
    chain.close();
  }
}
