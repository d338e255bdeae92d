package io.basedisk.domain.port;

import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.HeaderPatch;
import io.basedisk.domain.model.ImageCheck;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.LayerMerge;
import io.basedisk.domain.model.SourceImage;
import java.nio.file.Path;

/**
 * Disk images: what their headers say, what their disks contain, and new ones.
 *
 * <p>{@link #readHeader}, {@link #isEmptyOverlay} and {@link #check} open the file of that very
 * name: a symbolic link at its end is not followed, and a FIFO is not waited for. Neither is an
 * image.
 *
 * <p>Nothing here opens a file other than the one that it is given, whose backing file is the
 * caller's to resolve, but for the content of an {@link ImageSource}, for which the backing files
 * are opened that it allows, and of a {@link LayerMerge}, which names all of its files. Image files
 * are hostile: whatever they contain, the result is an answer or an {@link
 * io.basedisk.domain.error.InvalidImageException}, in bounded time and memory.
 *
 * <p>No symbolic link is followed, neither at the end of a path nor on the way, but on the way to
 * and among the files of an {@link ImageSource}, which a user has named.
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
   * Returns whether an image has no content of its own: all its L1 entries are 0, and it has no
   * internal snapshots and no valid bitmaps (the header's autoclear bit says whether bitmaps are
   * valid). Such an overlay reads like its backing file; without one, as zeros.
   *
   * @throws io.basedisk.domain.error.NotFoundException as {@link #readHeader}
   * @throws io.basedisk.domain.error.InvalidImageException as {@link #readHeader}
   */
  boolean isEmptyOverlay(Path image);

  /**
   * Checks the tables and refcounts of an image, in the sense of {@code qemu-img check}; nothing is
   * changed. An image that somebody writes to at the same time may seem damaged.
   *
   * @throws io.basedisk.domain.error.NotFoundException as {@link #readHeader}
   * @throws io.basedisk.domain.error.InvalidImageException as {@link #readHeader}
   */
  ImageCheck check(Path image);

  /**
   * Returns the canonical digest of a qcow2 image: the SHA-256 of its file, with the size of the
   * backing name (bytes 16 to 19 of the header) and the bytes of that name taken as zeros, in
   * lower-case hexadecimal. So it is the same wherever the backing file is. An interrupt of the
   * thread ends it as it does {@link #contentDigest}.
   *
   * @throws io.basedisk.domain.error.NotFoundException as {@link #readHeader}
   * @throws io.basedisk.domain.error.InvalidImageException as {@link #readHeader}
   */
  String digest(Path image, Progress progress);

  /**
   * Returns the change of an image's header that gives it the backing name {@code backing}, at the
   * place where its present name is, and changes nothing else: what an old, longer name leaves
   * becomes zeros. The image is not changed.
   *
   * @throws io.basedisk.domain.error.NotFoundException as {@link #readHeader}
   * @throws io.basedisk.domain.error.InvalidImageException as {@link #readHeader}, or if it has no
   *     backing file
   * @throws io.basedisk.domain.error.RefusedException if the name does not fit: the bytes that it
   *     would take are not zeros, or are not within the first cluster
   * @throws io.basedisk.domain.error.InvalidArgumentException as {@link #createOverlay}
   */
  HeaderPatch planBackingName(Path image, Path backing);

  /**
   * Makes a change of an image's header, in one write, whatever the image has there now: it may be
   * torn. The image's modification time and permission bits stay.
   *
   * @param inode the file that the image must be
   * @throws io.basedisk.domain.error.NotFoundException if nothing is there
   * @throws io.basedisk.domain.error.RefusedException if the file is another one
   */
  void patchHeader(Path image, long inode, HeaderPatch patch);

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

  // Content that is taken in.

  /**
   * Finds the files that make up an image's content: opens the image, and each backing file that it
   * or one below it names, if it is allowed. Of what these contain only headers are read.
   *
   * @throws io.basedisk.domain.error.NotFoundException if the image is not there
   * @throws io.basedisk.domain.error.UnallowedFileException if a backing file is not allowed
   * @throws io.basedisk.domain.error.InvalidImageException if one of them is no image that can be
   *     read, or is missing
   */
  SourceImage inspect(ImageSource source);

  /**
   * Returns the digest of what a guest reads: images with the same virtual size and the same bytes
   * have the same, whatever their formats, clusters and chains, and others have others. It is the
   * SHA-256, in lower-case hexadecimal, of the virtual size and then, for each block of 64 KiB that
   * is not all zeros, of the block's number, counted from 0, and its bytes, the last one filled up
   * with zeros; the numbers in 8 bytes, the highest first. An interrupt of the thread ends it.
   *
   * <p>Nobody may write to the files meanwhile.
   *
   * @param image as it was inspected
   * @throws io.basedisk.domain.error.RefusedException if other files make it up by now
   * @throws io.basedisk.domain.error.InvalidImageException if what it contains can't be read
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted; it
   *     stays so
   */
  String contentDigest(SourceImage image, Progress progress);

  /**
   * Makes an image that has the content of another, needs no other file, and is as long as is
   * wanted: what the other lacks of that is zeros. Where the file system can share blocks, the two
   * may. An interrupt of the thread ends it.
   *
   * <p>Nobody may write to the files of the other meanwhile.
   *
   * @param source the other, as it was inspected
   * @param virtualSize a multiple of 512, not less than the source's
   * @throws io.basedisk.domain.error.RefusedException if other files make up the source by now
   * @throws io.basedisk.domain.error.InvalidImageException if what it contains can't be read
   * @throws io.basedisk.domain.error.InvalidArgumentException if the size is less than the
   *     source's, or one that the format can't have
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted; it
   *     stays so
   */
  void importImage(Path image, SourceImage source, ByteSize virtualSize, Progress progress);

  // Layers that are merged.

  /**
   * Makes an overlay of one layer of a chain that reads as the whole chain does and is as large: it
   * has what the layers above that one have. The layers are read, so nobody may write to them
   * meanwhile, and the names in their headers are not followed.
   *
   * <p>While it is being made there is no other file than {@code image}, and that is no valid image
   * until it is complete. An interrupt of the thread ends it.
   *
   * @throws io.basedisk.domain.error.NotFoundException if a layer is not there
   * @throws io.basedisk.domain.error.RefusedException if a layer is another file by now
   * @throws io.basedisk.domain.error.InvalidImageException if a layer is not valid
   * @throws io.basedisk.domain.error.InvalidArgumentException as {@link #createOverlay}, or if the
   *     chain ends before its last layer or goes on below it, by what the headers say
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted; it
   *     stays so
   */
  void createMerged(Path image, LayerMerge merge, Progress progress);

  /**
   * Returns the bytes that the file of {@link #createMerged} would take at most; what is data and
   * what is not is read, the data is not.
   *
   * @throws io.basedisk.domain.error.NotFoundException as {@link #createMerged}
   * @throws io.basedisk.domain.error.RefusedException as {@link #createMerged}
   * @throws io.basedisk.domain.error.InvalidImageException as {@link #createMerged}
   */
  long measureMerged(LayerMerge merge);
}
