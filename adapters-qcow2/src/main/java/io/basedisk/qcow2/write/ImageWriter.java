package io.basedisk.qcow2.write;

import java.nio.file.Path;

/**
 * Writes a new image file. The caller describes the disk from its beginning to its end, in ranges
 * that don't overlap. A gap between ranges stays unallocated: it reads from the backing file;
 * without one, as zeros.
 *
 * <p>The file is written under a temporary name in the target's directory. {@link #finish} makes it
 * durable and renames it to its target, as the last step. If writing fails or is given up, the
 * temporary file is deleted. If the process dies, the temporary file stays.
 *
 * <p>The writer's own threads, one for each core, read, compress and write the ranges while the
 * caller continues. Therefore a later call may throw the failure of an earlier range. Memory does
 * not depend on the size of the disk, except for the L1 and the refcount table: at most 40 MiB.
 *
 * <p>Not thread-safe. If the calling thread is interrupted, writing ends with an {@link
 * io.basedisk.domain.error.InterruptedOperationException}, and the thread stays interrupted.
 */
public interface ImageWriter extends AutoCloseable {

  /**
   * {@return the alignment in bytes of each range's start and end} A range that ends the disk may
   * have an unaligned end.
   */
  int granularity();

  /**
   * Adds a range with the content that {@code source} reads. Parts that are zeros take no space in
   * the image.
   *
   * @param offset at or after the end of the previous range
   * @param length length of the range in bytes
   * @param source reads the content
   * @throws io.basedisk.domain.error.BaseDiskException the failure of {@code source}, in this or an
   *     earlier call
   * @throws io.basedisk.domain.error.StorageException if the file can't be written
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread was interrupted
   */
  void data(long offset, long length, GuestBytes source);

  /**
   * Adds a range with the content that {@code source} reads, and tries to share its blocks instead
   * of copying. A shared range takes space for zeros too. If sharing fails, this does the same as
   * {@link #data}.
   *
   * @param offset at or after the end of the previous range
   * @param length a multiple of the granularity
   * @param blocks shares the range with the {@link #temporary} file
   * @param source reads the content
   * @return whether the range was shared; after false, a further attempt is unlikely to succeed
   */
  boolean shared(long offset, long length, SharedBlocks blocks, GuestBytes source);

  /** {@return the temporary path of the file, which it has until {@link #finish}} */
  Path temporary();

  /**
   * Adds a range of zeros.
   *
   * @param offset at or after the end of the previous range
   * @param length length of the range in bytes
   */
  void zeros(long offset, long length);

  /**
   * Completes the file, makes it durable and renames it to its target.
   *
   * @throws io.basedisk.domain.error.AlreadyExistsException if another file has the target's name
   *     by now
   */
  void finish();

  /**
   * Gives up writing and deletes the temporary file. After {@link #finish}, or if closed already,
   * no effect.
   */
  @Override
  void close();
}
