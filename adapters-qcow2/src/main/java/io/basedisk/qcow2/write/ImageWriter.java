package io.basedisk.qcow2.write;

import java.nio.file.Path;

/**
 * A new image file that is being written. A disk is described to it from its beginning to its end,
 * in ranges that don't overlap; of what no range says anything, the image says nothing either: that
 * reads as its backing file, or as zeros where there is none.
 *
 * <p>The file is made under a temporary name beside the one that it is to have, made durable, and
 * given that name by {@link #finish}, as the last step. If writing fails or is given up, nothing is
 * left; if the process dies, the temporary file is.
 *
 * <p>The bytes of a range are read, compressed and written by threads of the writer's own, as many
 * as there are cores, while the caller goes on. So a failure may be thrown by a later call. What a
 * writer holds in memory does not depend on the size of the disk, but for an L1 and a refcount
 * table, 40 MiB at the utmost.
 *
 * <p>For one thread at a time. An interrupt of it ends the writing with an {@link
 * io.basedisk.domain.error.InterruptedOperationException}, and the thread stays interrupted.
 */
public interface ImageWriter extends AutoCloseable {

  /**
   * Returns what the start of each range, and the end of each but one at the end of the disk, is a
   * multiple of, in bytes.
   */
  int granularity();

  /**
   * Says that a range of the disk is what {@code source} reads. Parts of it that are zeros take no
   * space in the image.
   *
   * @param offset not before the end of the range before
   * @throws io.basedisk.domain.error.BaseDiskException what {@code source} threw, now or earlier
   * @throws io.basedisk.domain.error.StorageException if the file can't be written
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread was interrupted
   */
  void data(long offset, long length, GuestBytes source);

  /**
   * Says that a range of the disk is what {@code source} reads, and tries to have it without
   * copying: then all of it takes space in the image, zeros too. Otherwise as {@link #data}.
   *
   * @param offset not before the end of the range before
   * @param length a multiple of the granularity
   * @param blocks the range, to be shared with the file of that {@link #temporary} name
   * @return whether that was done: if not, it will hardly be done next time
   */
  boolean shared(long offset, long length, SharedBlocks blocks, GuestBytes source);

  /** Returns the temporary name of the file, until it is finished. */
  Path temporary();

  /**
   * Says that a range of the disk is zeros.
   *
   * @param offset not before the end of the range before
   */
  void zeros(long offset, long length);

  /**
   * Completes the file, durably.
   *
   * @throws io.basedisk.domain.error.AlreadyExistsException if its name was given to another file
   *     meanwhile
   */
  void finish();

  /** Gives the writing up, unless it is finished: then, and if it is closed already, no effect. */
  @Override
  void close();
}
