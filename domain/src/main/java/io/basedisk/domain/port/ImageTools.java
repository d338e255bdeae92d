package io.basedisk.domain.port;

import io.basedisk.domain.image.AllowedFiles;
import io.basedisk.domain.image.CheckResult;
import io.basedisk.domain.image.ImageInfo;
import io.basedisk.domain.image.ImageToOpen;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.image.Measurement;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.image.RawImageInfo;
import io.basedisk.domain.image.RepairResult;
import io.basedisk.domain.image.RepairScope;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.ByteSize;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Work on single image files, as {@code qemu-img} does it. It knows no home; {@link DiskImages} is
 * what the operations on a home use.
 *
 * <p>A path may be absolute or relative to the current directory, and may be or go through symbolic
 * links. Image files are hostile: whatever they contain, the result is an answer or an {@link
 * io.basedisk.domain.error.InvalidImageException}, in bounded memory. No file is opened because an
 * image names it, unless the caller allows that file:
 *
 * <pre>{@code
 * ImageToOpen image =
 *     ImageToOpen.qcow2(overlay).allowing(AllowedFiles.only(List.of(base)));
 * try (OpenDisk disk = tools.open(image)) { // refused if the chain names a third file
 *   tools.convert(disk, copy, NewImageFormat.RAW, Progress.NONE);
 * }
 * }</pre>
 *
 * <p>New files are made where nothing is (else {@link
 * io.basedisk.domain.error.AlreadyExistsException}), and are complete and durable on return; where
 * making one fails, nothing is left. A missing file is a {@link
 * io.basedisk.domain.error.NotFoundException}. A file that can't be read, written or locked is a
 * {@link io.basedisk.domain.error.StorageException}, a lack of space a {@link
 * io.basedisk.domain.error.NoSpaceException}.
 *
 * <p>A disk is used with the tools that opened it; other tools refuse it with an {@link
 * IllegalArgumentException}. Implementations are safe for many threads. To implement one, extend
 * {@code ImageToolsContract} in a test.
 */
public interface ImageTools {

  // One file, whatever it names.

  /**
   * Reads what a qcow2 image says of itself. No other file is opened, and the image may be in use.
   *
   * @throws io.basedisk.domain.error.NotFoundException if nothing is there
   * @throws io.basedisk.domain.error.InvalidImageException if it is no qcow2 image that can be read
   */
  ImageInfo info(Path image);

  /**
   * Looks at a raw image; nothing of it is read.
   *
   * @throws io.basedisk.domain.error.NotFoundException if nothing is there
   */
  RawImageInfo rawInfo(Path image);

  /**
   * Checks the tables and refcounts of a qcow2 image, as {@code qemu-img check} does; nothing is
   * changed, and no other file is opened. An image that is written to at the same time may seem
   * damaged.
   *
   * @param progress is told the bytes of the file
   * @throws io.basedisk.domain.error.NotFoundException if nothing is there
   * @throws io.basedisk.domain.error.InvalidImageException if it is no qcow2 image whose header can
   *     be read, or has more clusters than a check can count
   */
  CheckResult check(Path image, Progress progress);

  /**
   * Checks a qcow2 image, repairs it in place, and checks it again. What its guest reads stays as
   * it is; what can't be repaired without a loss is left. A program that keeps to QEMU's image
   * locks can't open the image before this returns.
   *
   * @param progress is told the bytes of the file, as of three passes
   * @throws io.basedisk.domain.error.NotFoundException if nothing is there
   * @throws io.basedisk.domain.error.RefusedException if the image is open in a program, may be
   *     open as far as can be told, or has another name
   * @throws io.basedisk.domain.error.InvalidImageException as {@link #check}, or if it is no
   *     regular file
   */
  RepairResult repair(Path image, RepairScope scope, Progress progress);

  // Disks that are read through their chains.

  /**
   * Opens a disk to read it, with its backing chain. Of each file only the header is read.
   *
   * @param image names in it are relative to the directory of its path, links not followed
   * @throws io.basedisk.domain.error.UnallowedFileException if a backing file is not allowed; it
   *     was not opened
   * @throws io.basedisk.domain.error.NotFoundException if the image is not there
   * @throws io.basedisk.domain.error.InvalidImageException if a layer is no image that can be read,
   *     is no regular file or missing, or the chain is a cycle
   * @throws io.basedisk.domain.error.RefusedException if a program is writing to one of the files,
   *     or forbids others to read it
   */
  OpenDisk open(ImageToOpen image);

  /**
   * Returns where two disks differ first, in bytes from their start; empty if they read the same.
   * Where one disk is longer, the other counts as going on with zeros. Data that both take from the
   * same place of the same file is not read.
   *
   * @param progress is told the bytes of the longer disk
   * @throws io.basedisk.domain.error.InvalidImageException if an image does not say what it reads
   *     as, before the first difference
   */
  OptionalLong compare(OpenDisk first, OpenDisk second, Progress progress);

  /**
   * Returns the bytes that a new image of a disk will take. Tables are read, data is not.
   *
   * @param format its compression has no effect: the result is that of an image without
   * @throws io.basedisk.domain.error.InvalidImageException if the disk can't be read
   */
  Measurement measure(OpenDisk disk, NewImageFormat format);

  /**
   * Writes a disk, with all that it reads from its backing chain, to one new image. Zeros take no
   * space in it. The image has its name only once it is complete. An interrupt of the thread ends
   * it.
   *
   * @param target the new file; links in the path of its directory are followed
   * @param progress is told the bytes of the disk
   * @throws io.basedisk.domain.error.AlreadyExistsException if something is at the target
   * @throws io.basedisk.domain.error.NotFoundException if the target's directory does not exist
   * @throws io.basedisk.domain.error.InvalidImageException if the disk can't be read
   * @throws io.basedisk.domain.error.InvalidArgumentException if the format can't have that size
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted; it
   *     stays so
   */
  void convert(OpenDisk disk, Path target, NewImageFormat format, Progress progress);

  // New images, and new backing files.

  /**
   * Creates a qcow2 image with clusters of 64 KiB.
   *
   * @param image the new file; links in the path of its directory are followed
   * @param backing the image that it is an overlay of; its real path is stored. It and the files
   *     below it are opened, whatever they are, but only their headers are read. Null for an empty
   *     image, which reads as zeros
   * @param virtualSize what its guest sees, rounded up to a multiple of 512 bytes
   * @throws io.basedisk.domain.error.AlreadyExistsException if something is at {@code image}
   * @throws io.basedisk.domain.error.NotFoundException if its directory, or the backing file, does
   *     not exist
   * @throws io.basedisk.domain.error.InvalidImageException if the backing file is not of its format
   *     or no regular file, or a file below it is missing or not valid
   * @throws io.basedisk.domain.error.InvalidArgumentException if the format can't have that size,
   *     or a backing file's name of that length
   */
  void create(Path image, @Nullable LayerFile backing, ByteSize virtualSize);

  /**
   * Gives a qcow2 image another backing file so that its disk reads as before: what differs is
   * written to a new file, which replaces the old one. That file is not compressed and has clusters
   * of the old one's size. After a power cut the image is as it was, or as it is to be. An
   * interrupt of the thread ends it. A program that keeps to QEMU's image locks can neither open
   * the image nor start to write to a backing file before this returns.
   *
   * @param backing the new backing file, whose real path is stored; null for none. It may be opened
   *     wherever one of the two chains names it
   * @param allowed the other files that may be opened as backing files, of the image as it is and
   *     of {@code backing}
   * @param progress is told the bytes of the disk
   * @throws io.basedisk.domain.error.NotFoundException if a file is not there
   * @throws io.basedisk.domain.error.RefusedException if the image is open in a program, may be
   *     open as far as can be told, has another name, or has internal snapshots or bitmaps, which a
   *     new file would lose; or if a program is writing to a backing file
   * @throws io.basedisk.domain.error.UnallowedFileException if a backing file is not allowed
   * @throws io.basedisk.domain.error.InvalidImageException if a file is no image that can be read
   * @throws io.basedisk.domain.error.InvalidArgumentException if the new backing file needs the
   *     image
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted; it
   *     stays so
   */
  void rebase(Path image, @Nullable LayerFile backing, AllowedFiles allowed, Progress progress);

  /**
   * Changes the name of a qcow2 image's backing file and nothing else; no other file is opened. The
   * disk reads as before only if the new backing file reads like the old one. After a power cut the
   * image names the old one or the new one.
   *
   * @param backing stored as it is; null for none
   * @throws io.basedisk.domain.error.NotFoundException if the image is not there
   * @throws io.basedisk.domain.error.RefusedException if the image is open in a program, may be
   *     open as far as can be told, or has another name
   * @throws io.basedisk.domain.error.InvalidImageException if it is no qcow2 image that can be read
   * @throws io.basedisk.domain.error.InvalidArgumentException if the name does not fit its header
   */
  void renameBacking(Path image, @Nullable BackingFile backing);
}
