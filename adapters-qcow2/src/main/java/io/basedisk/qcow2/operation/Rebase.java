package io.basedisk.qcow2.operation;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.Guards;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.file.FileImageLocks;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.file.SoleUse;
import io.basedisk.qcow2.format.Feature;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.ImageMetadata;
import io.basedisk.qcow2.image.OpenPolicy;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.write.Qcow2Options;
import io.basedisk.qcow2.write.Qcow2Writer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives a qcow2 image another backing file, or none. During the change, this holds QEMU's image
 * locks, so that QEMU can't open the image; no other process may use it either. A power cut leaves
 * the old or the new image.
 */
public final class Rebase {

  private final OperatingSystem system;
  private final UnknownUsePolicy unknownUse;
  private final DiskFiles files;
  private final ImageLocks locks;

  /**
   * @param system the system calls to use
   * @param unknownUse what to do if the system can't say which process uses a file
   */
  public Rebase(OperatingSystem system, UnknownUsePolicy unknownUse) {
    this.system = system;
    this.unknownUse = unknownUse;
    this.files = new LocalDiskFiles(system);
    this.locks = new FileImageLocks(system, unknownUse);
  }

  /**
   * Changes the backing file's name only. The disk's content changes, unless the new backing file
   * has the same content as the old one. No other file is opened.
   *
   * @param image path of the image to change
   * @param backing the new backing file, which need not exist; null for none
   * @throws io.basedisk.domain.error.NotFoundException if the image does not exist
   * @throws RefusedException if another process uses the image, or it has other hard links
   * @throws InvalidImageException if the file is not a valid qcow2 image
   * @throws InvalidArgumentException if the name does not fit the header
   */
  public void nameOnly(Path image, @Nullable BackingFile backing) {
    Path real = files.realPath(image);
    try (SoleUse alone = SoleUse.of(real, system, unknownUse)) {
      new BackingRename(real, alone, files).to(backing);
    }
  }

  /**
   * Changes the backing file and keeps the disk's content. The differences go to a new image, which
   * replaces the old one. The new image has version 3 and the same cluster size, and is not
   * compressed.
   *
   * @param image path of the image to change
   * @param policy which files may be opened as backing files of the old and of the new image
   * @param backing the new backing file, which this may open in both chains; null for none
   * @param progress receives the progress, in bytes done and in total
   * @throws io.basedisk.domain.error.NotFoundException if a file does not exist
   * @throws RefusedException if another process uses the image or writes to a backing file; or if
   *     the image has other hard links, internal snapshots or bitmaps, which the new file would
   *     lack
   * @throws InvalidImageException if a file is not a valid image, or may not be opened
   * @throws InvalidArgumentException if the new backing file's own chain contains the image
   */
  public void safely(
      Path image, OpenPolicy policy, @Nullable LayerFile backing, Progress progress) {
    Path real = files.realPath(image);
    OpenPolicy named =
        backing == null ? policy : policy.or(OpenPolicy.only(ImmutableList.of(backing.path())));
    try (SoleUse alone = SoleUse.of(real, system, unknownUse);
        DiskImage old = DiskImage.open(image, named);
        Guards guards = guards(old.layers().subList(1, old.layers().size()))) {
      alone.requireUnchanged();
      Qcow2Options options = options(real, backing);
      if (backing == null) {
        replace(real, alone, options, new Differences(old, null), progress);
        return;
      }
      try (DiskImage next = open(backing, named, real);
          Guards guardsOfNext = guards(next.layers())) {
        replace(real, alone, options, new Differences(old, next), progress);
      }
    }
  }

  private Qcow2Options options(Path image, @Nullable LayerFile backing) {
    try (ImageMetadata metadata = ImageMetadata.open(image)) {
      Header header = metadata.header();
      if (header.features().has(Feature.CORRUPT)) {
        throw new InvalidImageException(
            image + ": is marked as corrupt", new Remedy.RepairImage(image));
      }
      if (header.snapshots() > 0 || !metadata.bitmaps().isEmpty()) {
        throw new RefusedException(
            image + " has internal snapshots or bitmaps, which the new file would not have");
      }
      Qcow2Options options = Qcow2Options.DEFAULT.withClusterSize(header.geometry().clusterSize());
      return backing == null
          ? options
          : options.withBackingFile(
              new BackingFile(files.realPath(backing.path()).toString(), backing.format().label()));
    }
  }

  /** Opens the new backing file. Its chain must not contain {@code image}. */
  private DiskImage open(LayerFile backing, OpenPolicy policy, Path image) {
    DiskImage next = DiskImage.open(backing.path(), backing.format(), policy);
    if (next.layers().stream().map(LayerFile::path).map(files::realPath).anyMatch(image::equals)) {
      next.close();
      throw new InvalidArgumentException(
          image + ": the new backing file's chain contains this image itself");
    }
    return next;
  }

  /** Keeps new writers out of the files that are only read. */
  private Guards guards(List<LayerFile> layers) {
    return Guards.of(
        locks,
        layers.stream()
            .map(layer -> files.realPath(layer.path()))
            .collect(ImmutableList.toImmutableList()));
  }

  private void replace(
      Path image, SoleUse alone, Qcow2Options options, Differences differences, Progress progress) {
    Path added = Replacement.nameFor(image);
    Replacement.orRemove(
        files,
        added,
        () -> {
          try (Qcow2Writer writer =
              Qcow2Writer.create(added, differences.size(), options, system)) {
            differences.write(writer, progress);
            writer.finish();
          }
          files.copyAttributes(image, added);
          Replacement.replace(files, alone, added, image);
        });
  }
}
