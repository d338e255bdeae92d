package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.image.AllowedFiles;
import io.basedisk.domain.image.CheckResult;
import io.basedisk.domain.image.ImageInfo;
import io.basedisk.domain.image.ImageToOpen;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.image.LayerInfo;
import io.basedisk.domain.image.Measurement;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.image.RawImageInfo;
import io.basedisk.domain.image.RepairResult;
import io.basedisk.domain.image.RepairScope;
import io.basedisk.domain.image.SizeChange;
import io.basedisk.domain.image.SnapshotChoice;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.ByteSize;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Work on single image files, like {@code qemu-img}. It knows no home; operations on a home use
 * {@link DiskImages}.
 *
 * <p>A path may be absolute or relative to the current directory, and may be or go through symbolic
 * links. Image files are hostile: whatever they contain, a call succeeds or throws an {@link
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
 * <p>An image to read, and a backing file, may be a block device on Linux. A process that writes to
 * the device is seen; a file system that is mounted from it is not.
 *
 * <p>A new file must have an unused path (otherwise {@link
 * io.basedisk.domain.error.AlreadyExistsException}), and is complete and durable on return. On
 * failure, no new file is left. A missing file is a {@link
 * io.basedisk.domain.error.NotFoundException}. A file that can't be read, written or locked is a
 * {@link io.basedisk.domain.error.StorageException}, a lack of space a {@link
 * io.basedisk.domain.error.NoSpaceException}.
 *
 * <p>A disk is used with the tools that opened it; other tools refuse it with an {@link
 * IllegalArgumentException}. Implementations are thread-safe. To implement one, extend {@code
 * ImageToolsContract} in a test.
 */
public interface ImageTools {

  // One file, without its backing files.

  /**
   * Reads the information about a qcow2 image, also of one whose content can't be opened: it is
   * encrypted, in an external data file, or has an unknown feature. No other file is opened, and
   * the image may be in use.
   *
   * @param image path of the image
   * @return the information
   * @throws io.basedisk.domain.error.NotFoundException if the image does not exist
   * @throws io.basedisk.domain.error.InvalidImageException if the file is not a valid qcow2 image
   */
  ImageInfo info(Path image);

  /**
   * Reads the information about an image and all its backing files, top first. Only headers are
   * read, and the files may be in use.
   *
   * @param image the image, its format and the files that may be opened
   * @return the information about each file
   * @throws io.basedisk.domain.error.UnallowedFileException as {@link #open}
   * @throws io.basedisk.domain.error.NotFoundException as {@link #open}
   * @throws io.basedisk.domain.error.InvalidImageException as {@link #open}
   */
  ImmutableList<LayerInfo> chainInfo(ImageToOpen image);

  /**
   * {@return the information about a raw image, whose content is not read}
   *
   * @param image path of the image
   * @throws io.basedisk.domain.error.NotFoundException if the image does not exist
   */
  RawImageInfo rawInfo(Path image);

  /**
   * Checks the tables and refcounts of a qcow2 image, like {@code qemu-img check}. It changes
   * nothing and opens no other file. If another process writes to the image at the same time, the
   * result may show damage that does not exist.
   *
   * @param image path of the image
   * @param progress receives the bytes of the file
   * @return what the check found
   * @throws io.basedisk.domain.error.NotFoundException if the image does not exist
   * @throws io.basedisk.domain.error.InvalidImageException if the file is not a qcow2 image with a
   *     valid header, or has more clusters than a check can count
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted; it
   *     stays so
   */
  CheckResult check(Path image, Progress progress);

  /**
   * Checks a qcow2 image, repairs it in place, and checks it again. The guest's data never changes;
   * damage that can't be repaired without loss stays. A program with QEMU's image locks can't open
   * the image before this returns.
   *
   * @param image path of the image
   * @param scope what to repair
   * @param progress receives the bytes of the file, scaled over three passes
   * @return what was repaired, and what the checks before and after found
   * @throws io.basedisk.domain.error.NotFoundException if the image does not exist
   * @throws io.basedisk.domain.error.RefusedException if the image is open in a program, may be
   *     open as far as can be told, or has another name
   * @throws io.basedisk.domain.error.InvalidImageException as for {@link #check}, or if the file is
   *     not a regular file
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted; it
   *     stays so. The repairs that were made stay, and the image is no worse than before; another
   *     repair makes the rest
   */
  RepairResult repair(Path image, RepairScope scope, Progress progress);

  // Disks, read through their chains.

  /**
   * Opens a disk read-only, with its backing chain. Only the headers of the files are read.
   *
   * @param image the image; a relative backing file name is relative to the directory of its path,
   *     without resolving links
   * @return the open disk, for the caller to close
   * @throws io.basedisk.domain.error.UnallowedFileException if a backing file is not allowed, and
   *     therefore was not opened
   * @throws io.basedisk.domain.error.NotFoundException if the image does not exist
   * @throws io.basedisk.domain.error.InvalidImageException if a layer is missing, is neither a
   *     regular file nor a block device, or is not a valid image, or the chain is a cycle
   * @throws io.basedisk.domain.error.RefusedException if a program writes to one of the files, or
   *     locks it against readers
   */
  OpenDisk open(ImageToOpen image);

  /**
   * Opens an internal snapshot of a qcow2 image, like {@link #open} otherwise: the disk as it was
   * when the snapshot was taken.
   *
   * @param image the image
   * @param snapshot which of its snapshots
   * @return the open disk, for the caller to close
   * @throws io.basedisk.domain.error.NotFoundException also if there is no such snapshot
   * @throws io.basedisk.domain.error.InvalidArgumentException if the image is raw
   */
  OpenDisk openSnapshot(ImageToOpen image, SnapshotChoice snapshot);

  /**
   * {@return the offset in bytes of the first difference between two disks; empty if they are
   * equal} The shorter disk counts as continued by zeros. Data that both disks read from the same
   * offset of the same file is not read.
   *
   * @param first the first disk
   * @param second the second disk
   * @param progress receives the bytes of the longer disk
   * @throws io.basedisk.domain.error.InvalidImageException if an image is damaged before the first
   *     difference
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted; it
   *     stays so
   */
  OptionalLong compare(OpenDisk first, OpenDisk second, Progress progress);

  /**
   * {@return the size of a new image of a disk} Reads tables but no data.
   *
   * @param disk the disk
   * @param format format of the new image; its compression is ignored
   * @throws io.basedisk.domain.error.InvalidImageException if the disk can't be read
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted; it
   *     stays so
   */
  Measurement measure(OpenDisk disk, NewImageFormat format);

  /**
   * Writes a disk, with the content of its backing chain, to one new image. Zeros take no space in
   * it. The image gets its name once it is complete. An interrupt of the thread ends the
   * conversion.
   *
   * @param disk the disk
   * @param target the new file; links in the path of its directory are followed
   * @param format format of the new image
   * @param progress receives the bytes of the disk
   * @throws io.basedisk.domain.error.AlreadyExistsException if {@code target} exists
   * @throws io.basedisk.domain.error.NotFoundException if the target's directory does not exist
   * @throws io.basedisk.domain.error.InvalidImageException if the disk can't be read
   * @throws io.basedisk.domain.error.InvalidArgumentException if the format can't have that size
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted; it
   *     stays so
   */
  void convert(OpenDisk disk, Path target, NewImageFormat format, Progress progress);

  /**
   * Writes a disk over a file that exists. A regular file is replaced once the new image is
   * complete and durable; it keeps its owner, group, permissions and extended attributes. A block
   * device is written in place: zeros too, and durably. What it has after the end of the image
   * stays. If the target does not exist, this is {@link #convert}.
   *
   * <p>A refusal leaves the target as it was. If the conversion fails later or is interrupted, a
   * device may have a part of the new image, and the error says so. A program with QEMU's image
   * locks can't open the target before this returns.
   *
   * @param disk the disk
   * @param target the file or block device; links are followed
   * @param format format of the new image
   * @param progress receives the bytes of the disk
   * @throws io.basedisk.domain.error.RefusedException if the target is one of the disk's own files
   *     or has the content of one, is open in a program, may be open as far as can be told, is
   *     mounted, is read-only, has other hard links, is in a home's directory, is a device that is
   *     too small, or is neither a regular file nor a block device
   * @throws io.basedisk.domain.error.InvalidImageException as {@link #convert}
   * @throws io.basedisk.domain.error.InvalidArgumentException as {@link #convert}
   * @throws io.basedisk.domain.error.StorageException also if the disk of a device's new image
   *     can't be read to its end
   * @throws io.basedisk.domain.error.InterruptedOperationException as {@link #convert}
   */
  void overwrite(OpenDisk disk, Path target, NewImageFormat format, Progress progress);

  // New images, and new backing files.

  /**
   * Creates a qcow2 image with clusters of 64 KiB, like {@link #create(Path, LayerFile, ByteSize,
   * NewImageFormat.Qcow2)} otherwise.
   *
   * @param image the new file
   * @param backing the backing file; null for none
   * @param virtualSize virtual size, rounded up to a multiple of 512 bytes
   */
  default void create(Path image, @Nullable LayerFile backing, ByteSize virtualSize) {
    create(image, backing, virtualSize, NewImageFormat.Qcow2.DEFAULT);
  }

  /**
   * Creates a qcow2 image.
   *
   * @param image the new file; links in the path of its directory are followed
   * @param backing the backing file, whose real path is stored; null for an image that reads as
   *     zeros. Its whole chain is opened, whatever the files are, but only the headers are read
   * @param virtualSize virtual size, rounded up to a multiple of 512 bytes
   * @param format cluster size, and the compression that later writers use
   * @throws io.basedisk.domain.error.AlreadyExistsException if {@code image} exists
   * @throws io.basedisk.domain.error.NotFoundException if its directory, or the backing file, does
   *     not exist
   * @throws io.basedisk.domain.error.InvalidImageException if the backing file is neither a regular
   *     file nor a block device, or not a valid image of its format, or a file below it is missing
   *     or invalid
   * @throws io.basedisk.domain.error.InvalidArgumentException if the format can't have that size,
   *     or a backing file's name of that length
   */
  void create(
      Path image, @Nullable LayerFile backing, ByteSize virtualSize, NewImageFormat.Qcow2 format);

  /**
   * Grows the virtual disk of an image in place, like {@code qemu-img resize}. The new part reads
   * as zeros. If an overlay is shorter than its backing file, whose content would appear in the new
   * part, the overlay is written anew and replaced. A power cut leaves the old or the new size. A
   * program with QEMU's image locks can't open the image before this returns.
   *
   * @param image the image; of its chain, only the headers are read, unless it is written anew
   * @param size the new size. The present size has no effect; a smaller one is refused
   * @param progress receives the bytes of the disk, if the image is written anew
   * @throws io.basedisk.domain.error.NotFoundException if the image does not exist
   * @throws io.basedisk.domain.error.RefusedException if the image is open in a program, may be
   *     open as far as can be told, or has another name; or if its internal snapshots or bitmaps
   *     don't allow another size
   * @throws io.basedisk.domain.error.UnallowedFileException if a backing file is not allowed
   * @throws io.basedisk.domain.error.InvalidImageException if a file is not a valid image, or the
   *     image is marked as corrupt or dirty
   * @throws io.basedisk.domain.error.InvalidArgumentException if the size is less than the present
   *     one, or the format can't have it
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted
   *     while the image is written anew; it stays so
   */
  void resize(ImageToOpen image, SizeChange size, Progress progress);

  /**
   * Gives a qcow2 image another backing file, and keeps the disk's content. The differences go to a
   * new file, which replaces the old one. The new file is not compressed, and has the same cluster
   * size. A power cut leaves the old or the new image. An interrupt of the thread ends the rebase.
   * A program with QEMU's image locks can neither open the image nor start to write to a backing
   * file before this returns.
   *
   * @param image path of the image
   * @param backing the new backing file, whose real path is stored; null for none. It is allowed in
   *     both chains
   * @param allowed the other files that may be opened as backing files, in the old and in the new
   *     chain
   * @param progress receives the bytes of the disk
   * @throws io.basedisk.domain.error.NotFoundException if a file does not exist
   * @throws io.basedisk.domain.error.RefusedException if the image is open in a program, may be
   *     open as far as can be told, has another name, or has internal snapshots or bitmaps, which a
   *     new file would lose; or if a program is writing to a backing file
   * @throws io.basedisk.domain.error.UnallowedFileException if a backing file is not allowed
   * @throws io.basedisk.domain.error.InvalidImageException if a file is not a valid image
   * @throws io.basedisk.domain.error.InvalidArgumentException if the new backing file's own chain
   *     contains the image
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted; it
   *     stays so
   */
  void rebase(Path image, @Nullable LayerFile backing, AllowedFiles allowed, Progress progress);

  /**
   * Changes the name of a qcow2 image's backing file and nothing else. No other file is opened. The
   * disk's content changes, unless the new backing file has the same content as the old one. A
   * power cut leaves the old or the new name.
   *
   * @param image path of the image
   * @param backing the new backing file, which need not exist; null for none
   * @throws io.basedisk.domain.error.NotFoundException if the image does not exist
   * @throws io.basedisk.domain.error.RefusedException if the image is open in a program, may be
   *     open as far as can be told, or has another name
   * @throws io.basedisk.domain.error.InvalidImageException if the file is not a valid qcow2 image
   * @throws io.basedisk.domain.error.InvalidArgumentException if the name does not fit the header
   * @throws io.basedisk.domain.error.InterruptedOperationException if the image has to be copied,
   *     as its header has no room for the name, and the thread is interrupted; it stays so
   */
  void renameBacking(Path image, @Nullable BackingFile backing);
}
