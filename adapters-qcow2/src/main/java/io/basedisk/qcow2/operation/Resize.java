package io.basedisk.qcow2.operation;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.image.ImageToOpen;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.image.SizeChange;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.Guards;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.file.FileImageLocks;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.file.SoleUse;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.image.ImageMetadata;
import io.basedisk.qcow2.image.OpenPolicy;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.resize.Growth;
import io.basedisk.qcow2.write.Qcow2Options;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * Grows the virtual disk of an image. During the change, this holds QEMU's image locks, so that
 * QEMU can't open the image; no other process may use it either. A power cut leaves the old or the
 * new size.
 */
public final class Resize {

  private final OperatingSystem system;
  private final UnknownUsePolicy unknownUse;
  private final DiskFiles files;
  private final ImageLocks locks;

  /**
   * @param system the system calls to use
   * @param unknownUse what to do if the system can't say which process uses a file
   */
  public Resize(OperatingSystem system, UnknownUsePolicy unknownUse) {
    this.system = system;
    this.unknownUse = unknownUse;
    this.files = new LocalDiskFiles(system);
    this.locks = new FileImageLocks(system, unknownUse);
  }

  /**
   * Grows an image. The new part reads as zeros.
   *
   * @param image the image to change
   * @param size the new size
   * @param progress receives the progress, in bytes done and in total, if the image is written anew
   * @throws io.basedisk.domain.error.NotFoundException if the image does not exist
   * @throws RefusedException if another process uses the image, or it has other hard links, or its
   *     internal snapshots or bitmaps don't allow the new size
   * @throws io.basedisk.domain.error.InvalidImageException if a file is not a valid image, or may
   *     not be opened
   * @throws io.basedisk.domain.error.InvalidArgumentException if the size is less than the present
   *     one, or the format can't have it
   */
  public void grow(ImageToOpen image, SizeChange size, Progress progress) {
    Path real = files.realPath(image.file());
    try (SoleUse alone = SoleUse.of(real, system, unknownUse);
        DiskImage disk =
            DiskImage.open(image.file(), image.format(), OpenPolicy.of(image.allowed()))) {
      alone.requireUnchanged();
      long grown = size.of(image.file(), disk.virtualSize());
      if (grown == disk.virtualSize()) {
        return;
      }
      if (image.format() == ImageFormat.RAW) {
        growRaw(real, alone, grown);
      } else if (disk.layers().size() > 1 && disk.virtualSize(1) > disk.virtualSize()) {
        writeAnew(real, alone, disk, grown, progress);
      } else {
        growInPlace(real, alone, grown);
      }
    }
  }

  private static void growRaw(Path image, SoleUse alone, long size) {
    try (ImageFile file = ImageFile.openToWrite(image)) {
      alone.requireUnchanged();
      file.write(new HostOffset(size - 1), ByteBuffer.allocate(1));
      file.force();
    }
  }

  private static void growInPlace(Path image, SoleUse alone, long size) {
    try (ImageFile file = ImageFile.openToWrite(image)) {
      alone.requireUnchanged();
      Growth.of(file, size).run();
    }
  }

  /**
   * Replaces an overlay that is shorter than its backing file by one in which the new part is zero
   * clusters. Otherwise the new part would show what the backing file has there.
   */
  private void writeAnew(Path image, SoleUse alone, DiskImage disk, long size, Progress progress) {
    List<Path> below =
        disk.layers().stream().skip(1).map(LayerFile::path).map(files::realPath).toList();
    Path added = Replacement.nameFor(image);
    try (Guards guards = Guards.of(locks, ImmutableList.copyOf(below))) {
      Replacement.orRemove(
          files,
          added,
          () -> {
            new Conversion(disk, size, added, progress).toOverlay(optionsOf(image), 1);
            files.copyAttributes(image, added);
            Replacement.replace(files, alone, added, image);
          });
    }
  }

  private static Qcow2Options optionsOf(Path image) {
    try (ImageMetadata metadata = ImageMetadata.open(image)) {
      Header header = metadata.header();
      if (header.snapshots() > 0 || !metadata.bitmaps().isEmpty()) {
        throw new RefusedException(
            image
                + ": is shorter than its backing file and has internal snapshots or bitmaps, which"
                + " a new file would not have");
      }
      return Qcow2Options.DEFAULT
          .withClusterSize(header.geometry().clusterSize())
          .withBackingFile(header.backing().orElseThrow());
    }
  }
}
