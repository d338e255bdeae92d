package io.basedisk.domain.port;

import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.HeaderPatch;
import io.basedisk.domain.model.ImageCheck;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.LayerMerge;
import io.basedisk.domain.model.SourceImage;
import io.basedisk.domain.model.artifact.Layer;
import java.nio.file.Path;

/**
 * Reads and creates disk images for the operations on a home.
 *
 * <p>{@link #readHeader}, {@link #isEmptyOverlay} and {@link #check} do not follow a symbolic link
 * at the end of the path, and do not wait for a FIFO: both are invalid images.
 *
 * <p>A method opens only the files that it is given. The caller resolves backing files. Exceptions:
 * an {@link ImageSource} says which backing files may be opened, and a {@link LayerMerge} names all
 * of its files. Image files are hostile: whatever they contain, a method returns or throws an
 * {@link io.basedisk.domain.error.InvalidImageException}, in bounded time and memory.
 *
 * <p>A path that contains a symbolic link is an error. Exception: links are followed for the files
 * of an {@link ImageSource}, because a user chose that path.
 *
 * <p>A new file must have an unused path (otherwise {@link
 * io.basedisk.domain.error.AlreadyExistsException}). Only its owner can read and write it. It
 * becomes durable by {@link DiskFiles#sync}. On failure, no new file is left. Other failures are
 * {@link io.basedisk.domain.error.StorageException}s. Implementations are thread-safe. To implement
 * one, extend {@code DiskImagesContract} in a test.
 */
public interface DiskImages {

  /**
   * Reads the header of a qcow2 image.
   *
   * @param image path of the image
   * @return the header
   * @throws io.basedisk.domain.error.NotFoundException if nothing is there
   * @throws io.basedisk.domain.error.InvalidImageException if it is no qcow2 image, is damaged, is
   *     encrypted, has an external data file, or needs a feature that is not supported
   */
  ImageHeader readHeader(Path image);

  /**
   * {@return whether an image has no content of its own: all its L1 entries are 0, and it has no
   * internal snapshots and no valid bitmaps (the header's autoclear bit says whether bitmaps are
   * valid)} Such an overlay reads like its backing file; without one, as zeros.
   *
   * @param image path of the image
   * @throws io.basedisk.domain.error.NotFoundException as {@link #readHeader}
   * @throws io.basedisk.domain.error.InvalidImageException as {@link #readHeader}
   */
  boolean isEmptyOverlay(Path image);

  /**
   * Checks the tables and refcounts of an image, like {@code qemu-img check}, and changes nothing.
   * If a program writes to the image at the same time, the result may show damage that does not
   * exist.
   *
   * @param image path of the image
   * @return what the check found
   * @throws io.basedisk.domain.error.NotFoundException as {@link #readHeader}
   * @throws io.basedisk.domain.error.InvalidImageException as {@link #readHeader}
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted;
   *     its interrupt status stays set
   */
  ImageCheck check(Path image);

  /**
   * {@return the canonical digest of a qcow2 image, which does not depend on the backing file's
   * path: the SHA-256 of its file in lower-case hexadecimal, where the size of the backing name
   * (header bytes 16 to 19) and the name itself count as zeros}
   *
   * @param image path of the image
   * @param progress receives the progress in bytes
   * @throws io.basedisk.domain.error.NotFoundException as {@link #readHeader}
   * @throws io.basedisk.domain.error.InvalidImageException as {@link #readHeader}
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted;
   *     its interrupt status stays set
   */
  String digest(Path image, Progress progress);

  /**
   * {@return the header patch that replaces an image's backing name in place} If the old name is
   * longer, its rest becomes zeros. In the canonical content of a layer the old name is empty, but
   * has a place. The image is not changed.
   *
   * @param image path of the image
   * @param backing absolute path of the new backing file; the file is not opened
   * @throws io.basedisk.domain.error.NotFoundException as {@link #readHeader}
   * @throws io.basedisk.domain.error.InvalidImageException as {@link #readHeader}, or if it has
   *     neither a backing file nor a place for its name
   * @throws io.basedisk.domain.error.RefusedException if the name does not fit: the bytes after the
   *     old name are not zeros, or the name would leave the first cluster
   * @throws io.basedisk.domain.error.InvalidArgumentException as {@link #createOverlay}
   */
  HeaderPatch planBackingName(Path image, Path backing);

  /**
   * {@return the header patch that gives an image another backing name and backing format} If the
   * format stays, this is {@link #planBackingName}. The image is not changed.
   *
   * @param image path of the image
   * @param backing absolute path of the new backing file; the file is not opened
   * @param backingFormat format of the new backing file
   * @throws io.basedisk.domain.error.NotFoundException as {@link #readHeader}
   * @throws io.basedisk.domain.error.InvalidImageException as {@link #planBackingName}
   * @throws io.basedisk.domain.error.RefusedException if the name does not fit the first cluster
   * @throws io.basedisk.domain.error.InvalidArgumentException as {@link #createOverlay}
   */
  HeaderPatch planBacking(Path image, Path backing, ImageFormat backingFormat);

  /**
   * Writes a patch to an image's header in one write. The old bytes are not checked, because an
   * earlier write may have been torn. The image's modification time and permission bits stay.
   *
   * @param image path of the image
   * @param inode the inode number that the file must have
   * @param patch the patch
   * @throws io.basedisk.domain.error.NotFoundException if nothing is there
   * @throws io.basedisk.domain.error.RefusedException if the file has another inode number
   */
  void patchHeader(Path image, long inode, HeaderPatch patch);

  /**
   * Grows the virtual disk of an image in place, durably. The caller makes sure that no other
   * process uses the image, and that a backing file is not longer than the disk. A power cut leaves
   * the old or the new size.
   *
   * @param image path of the image
   * @param inode the inode number that the file must have
   * @param virtualSize the new virtual size, a multiple of 512, not less than the present one
   * @throws io.basedisk.domain.error.NotFoundException if nothing is there
   * @throws io.basedisk.domain.error.RefusedException if the file has another inode number or
   *     several names, or if internal snapshots or bitmaps don't allow another size
   * @throws io.basedisk.domain.error.InvalidImageException as {@link #readHeader}, or if the image
   *     is marked as corrupt or dirty
   * @throws io.basedisk.domain.error.InvalidArgumentException if the format can't have that size
   */
  void grow(Path image, long inode, ByteSize virtualSize);

  /**
   * {@return the present bytes at the place of a patch, in lower-case hexadecimal} They tell
   * whether {@link #patchHeader} has written all of the patch, a part of it, or nothing. The header
   * need not be valid.
   *
   * @param image path of the image
   * @param patch the patch
   * @throws io.basedisk.domain.error.NotFoundException if nothing is there
   * @throws io.basedisk.domain.error.InvalidImageException if the file ends before the place of the
   *     patch does, or is not a regular file
   */
  String bytesAt(Path image, HeaderPatch patch);

  /**
   * Creates an image that reads as zeros.
   *
   * @param image path of the new file
   * @param virtualSize virtual size, a multiple of 512
   * @throws io.basedisk.domain.error.InvalidArgumentException if the format can't have that size
   */
  void createEmpty(Path image, ByteSize virtualSize);

  /**
   * Creates an empty overlay: it reads like its backing file, with zeros after the backing file's
   * end.
   *
   * @param image path of the new file
   * @param backing absolute path of the backing file, stored unchanged in UTF-8; the file is not
   *     opened
   * @param backingFormat the format of the backing file, stored in the header
   * @param virtualSize the overlay's virtual size, a multiple of 512
   * @throws io.basedisk.domain.error.InvalidArgumentException if {@code backing} is not absolute or
   *     can't be written in UTF-8, or if the format can't have that size or a backing name of that
   *     length
   */
  void createOverlay(Path image, Path backing, ImageFormat backingFormat, ByteSize virtualSize);

  // Import.

  /**
   * Finds the files of an image's chain. Opens the image and each backing file of its chain that
   * the source allows, and reads only headers.
   *
   * @param source the image, its format and the allowed backing files
   * @return the files of the chain, and the image's virtual size
   * @throws io.basedisk.domain.error.NotFoundException if the image is not there
   * @throws io.basedisk.domain.error.UnallowedFileException if a backing file is not allowed
   * @throws io.basedisk.domain.error.InvalidImageException if a layer is missing or is not a valid
   *     image
   */
  SourceImage inspect(ImageSource source);

  /**
   * {@return the digest of an image as its guest sees it} Two images have the same digest if, and
   * only if, they have the same virtual size and the same bytes; format, cluster size and chain
   * make no difference.
   *
   * <p>The digest is a SHA-256 in lower-case hexadecimal. Its input is the virtual size, then, for
   * each block of 64 KiB that is not all zeros, the number of the block from 0 and its bytes. The
   * last block is padded with zeros. Numbers are big-endian, 8 bytes.
   *
   * <p>The caller keeps writers away from the files.
   *
   * @param image result of {@link #inspect}
   * @param progress receives the progress in bytes
   * @throws io.basedisk.domain.error.RefusedException if its chain has other files now
   * @throws io.basedisk.domain.error.InvalidImageException if a layer can't be read
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted;
   *     its interrupt status stays set
   */
  String contentDigest(SourceImage image, Progress progress);

  /**
   * Copies an image with its chain to one new image without a backing file. Bytes after the
   * source's end read as zeros. The new image shares blocks with the source where the file system
   * can.
   *
   * <p>The caller keeps writers away from the source's files.
   *
   * @param image the new file
   * @param source result of {@link #inspect}
   * @param virtualSize virtual size of the new image, a multiple of 512, not less than the source's
   * @param progress receives the progress in bytes
   * @throws io.basedisk.domain.error.RefusedException if the source's chain has other files now
   * @throws io.basedisk.domain.error.InvalidImageException if a layer can't be read
   * @throws io.basedisk.domain.error.InvalidArgumentException if the size is less than the
   *     source's, or too large for the format
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted;
   *     its interrupt status stays set
   */
  void importImage(Path image, SourceImage source, ByteSize virtualSize, Progress progress);

  /**
   * Copies an image with its chain to one new image without a backing file, for use outside of the
   * home. Bytes after the source's end read as zeros. The new image gets its name once it is
   * complete, and is durable on return. A failure leaves no new file.
   *
   * <p>The caller keeps writers away from the source's files.
   *
   * @param image absolute path of the new file
   * @param source result of {@link #inspect}
   * @param virtualSize virtual size of the new image, a multiple of 512, not less than the source's
   * @param format cluster size and compression of the new image
   * @param progress receives the progress in bytes
   * @throws io.basedisk.domain.error.AlreadyExistsException if {@code image} exists
   * @throws io.basedisk.domain.error.RefusedException if the source's chain has other files now
   * @throws io.basedisk.domain.error.InvalidImageException if a layer can't be read
   * @throws io.basedisk.domain.error.InvalidArgumentException if the size is less than the
   *     source's, or too large for the format
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted;
   *     its interrupt status stays set
   */
  void exportImage(
      Path image,
      SourceImage source,
      ByteSize virtualSize,
      NewImageFormat.Qcow2 format,
      Progress progress);

  // Compaction.

  /**
   * Merges the upper layers of a chain into a new overlay of a lower layer. The overlay reads like
   * the whole chain and has the same virtual size. The caller keeps writers away from the layers.
   * The backing names in their headers are not followed.
   *
   * <p>No temporary file is used. The file {@code image} is not a valid image until it is complete.
   *
   * @param image path of the new file
   * @param merge the chain, and the layer to keep
   * @param progress receives the progress in bytes
   * @throws io.basedisk.domain.error.NotFoundException if a layer is not there
   * @throws io.basedisk.domain.error.RefusedException if a layer's path now names another file
   * @throws io.basedisk.domain.error.InvalidImageException if a layer is not valid
   * @throws io.basedisk.domain.error.InvalidArgumentException as {@link #createOverlay}, or if the
   *     headers show another number of layers than {@code merge}
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted;
   *     its interrupt status stays set
   */
  void createMerged(Path image, LayerMerge merge, Progress progress);

  /**
   * {@return the maximum size in bytes of the file that {@link #createMerged} would create} Reads
   * tables but no data.
   *
   * @param merge the chain, and the layer to keep
   * @throws io.basedisk.domain.error.NotFoundException as {@link #createMerged}
   * @throws io.basedisk.domain.error.RefusedException as {@link #createMerged}
   * @throws io.basedisk.domain.error.InvalidImageException as {@link #createMerged}
   */
  long measureMerged(LayerMerge merge);

  // Layers that travel.

  /**
   * Opens the canonical content of a base's file: the bytes that {@link #digest} reads. For raw,
   * these are all bytes of the file.
   *
   * @param base path of the file
   * @param format format of the file
   * @return the content, for the caller to close
   * @throws io.basedisk.domain.error.NotFoundException as {@link #readHeader}
   * @throws io.basedisk.domain.error.InvalidImageException as {@link #readHeader}
   */
  LayerContent openLayer(Path base, ImageFormat format);

  /**
   * Creates a file for the content of a layer. A failure after this method leaves the file, and the
   * caller removes it.
   *
   * @param image path of the new file
   * @return takes the content, for the caller to close
   */
  NewLayer createLayer(Path image);

  /**
   * Checks that a file with the canonical content of a layer can become a base: it is a valid image
   * of the layer's length and virtual size, is not dirty or marked as corrupt, has no errors in its
   * tables, and names no file. Above another layer, it must have a place for the name of its
   * backing file; raw is possible for the lowest layer only. Data is not read.
   *
   * @param image path of the file
   * @param layer the layer that it must be
   * @param isLowest whether no layer is below it
   * @throws io.basedisk.domain.error.NotFoundException if nothing is there
   * @throws io.basedisk.domain.error.InvalidImageException if it can't become a base
   */
  void checkLayer(Path image, Layer layer, boolean isLowest);
}
