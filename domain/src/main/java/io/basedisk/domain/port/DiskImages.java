package io.basedisk.domain.port;

import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageCheck;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import java.nio.file.Path;

/**
 * Disk images, one file at a time: what their headers say, and new ones.
 *
 * <p>Nothing here opens a file other than the one that it is given: the backing file that a header
 * names is the caller's to resolve. Image files are hostile: whatever they contain, the result is
 * an answer or an {@link io.basedisk.domain.error.InvalidImageException}, in bounded time and
 * memory.
 *
 * <p>New files are made at a path where nothing is (else {@link
 * io.basedisk.domain.error.AlreadyExistsException}), readable and writable by their owner alone,
 * and durable only after {@link DiskFiles#sync}; where making one fails, nothing is left. Other
 * failures are {@link io.basedisk.domain.error.StorageException}s. Implementations are safe for
 * many threads. To implement one, extend {@code DiskImagesContract} in a test.
 */
public interface DiskImages {

  /**
   * Reads the header of a qcow2 image.
   *
   * @throws io.basedisk.domain.error.NotFoundException if nothing is there
   * @throws io.basedisk.domain.error.InvalidImageException if it is no qcow2 image, is damaged, is
   *     encrypted, has an external data file, or needs a feature that is not supported
   */
  ImageHeader readHeader(Path image);

  /**
   * Returns whether an image holds nothing of its own: every entry of its first-level table is
   * zero, and it has no internal snapshots or valid bitmaps (a bitmap counts for as long as the
   * header's autoclear bit says so). An overlay of which this is true reads as its backing file.
   *
   * @throws io.basedisk.domain.error.NotFoundException as {@link #readHeader}
   * @throws io.basedisk.domain.error.InvalidImageException as {@link #readHeader}
   */
  boolean isUnwritten(Path image);

  /**
   * Checks the tables and refcounts of an image, in the sense of {@code qemu-img check}; nothing is
   * changed. An image that somebody writes to at the same time may seem damaged.
   *
   * @throws io.basedisk.domain.error.NotFoundException as {@link #readHeader}
   * @throws io.basedisk.domain.error.InvalidImageException as {@link #readHeader}
   */
  ImageCheck check(Path image);

  /**
   * Makes an empty image: every byte reads as zero.
   *
   * @param virtualSize a multiple of 512
   * @throws io.basedisk.domain.error.InvalidArgumentException if the format can't have that size
   */
  void createEmpty(Path image, ByteSize virtualSize);

  /**
   * Makes an empty overlay: it reads as {@code backing}, and as zeros beyond its end.
   *
   * @param backing the absolute path of the backing file, stored as it is in UTF-8; not opened
   * @param backingFormat the format of the backing file, stored in the header
   * @param virtualSize the overlay's own; a multiple of 512
   * @throws io.basedisk.domain.error.InvalidArgumentException if {@code backing} is not absolute or
   *     can't be written in UTF-8, or if the format can't have that size or a backing name of that
   *     length
   */
  void createOverlay(Path image, Path backing, ImageFormat backingFormat, ByteSize virtualSize);
}
