package io.basedisk.qcow2.operation;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.WhenLocksCantBeAsked;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.protocol.Guards;
import io.basedisk.qcow2.file.FileImageLocks;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.file.SoleUse;
import io.basedisk.qcow2.format.Feature;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.ImageMetadata;
import io.basedisk.qcow2.image.LayerFile;
import io.basedisk.qcow2.image.OpenPolicy;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.write.Qcow2Options;
import io.basedisk.qcow2.write.Qcow2Writer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives a qcow2 image another backing file, or none. Nobody else may use it meanwhile, and nobody
 * can who keeps to QEMU's image locks. After a power cut the image is as it was, or as it is to be.
 */
public final class Rebase {

  private final OperatingSystem system;
  private final WhenLocksCantBeAsked otherwise;
  private final DiskFiles files;
  private final ImageLocks locks;

  /**
   * @param otherwise what to do where it can't be told who uses a file
   */
  public Rebase(OperatingSystem system, WhenLocksCantBeAsked otherwise) {
    this.system = system;
    this.otherwise = otherwise;
    this.files = new LocalDiskFiles(system);
    this.locks = new FileImageLocks(system, otherwise);
  }

  /**
   * Changes the name alone, which changes what the disk reads as, unless the new backing file reads
   * like the old one. No other file is opened.
   *
   * @param backing null for none; its name is not looked at
   * @throws io.basedisk.domain.error.NotFoundException if the image is not there
   * @throws RefusedException if somebody uses it, or it has other names
   * @throws InvalidImageException if it is no image that can be read
   * @throws InvalidArgumentException if the name does not fit its header
   */
  public void nameOnly(Path image, @Nullable BackingFile backing) {
    Path real = files.realPath(image);
    try (SoleUse alone = SoleUse.of(real, system, otherwise)) {
      new BackingRename(real, alone, files).to(backing);
    }
  }

  /**
   * Changes the backing file so that the disk reads as before: what differs is written to a new
   * image, which replaces the old one. It is of version 3 and not compressed, with clusters of the
   * old one's size.
   *
   * @param policy which files may be opened as backing files of the image, and of the new one
   * @param backing null for none; it may be opened wherever one of the two chains names it
   * @throws io.basedisk.domain.error.NotFoundException if a file is not there
   * @throws RefusedException if somebody uses the image, or writes to a backing file, or the image
   *     has other names, internal snapshots or bitmaps: a new file would be without them
   * @throws InvalidImageException if a file is no image that can be read, or may not be opened
   * @throws InvalidArgumentException if the new backing file needs the image
   */
  public void safely(
      Path image, OpenPolicy policy, @Nullable LayerFile backing, Progress progress) {
    Path real = files.realPath(image);
    OpenPolicy named =
        backing == null ? policy : policy.or(OpenPolicy.only(ImmutableList.of(backing.path())));
    try (SoleUse alone = SoleUse.of(real, system, otherwise);
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

  /** Opens the new backing file, which may not need {@code image}. */
  private DiskImage open(LayerFile backing, OpenPolicy policy, Path image) {
    DiskImage next = DiskImage.open(backing.path(), backing.format(), policy);
    if (next.layers().stream().map(LayerFile::path).map(files::realPath).anyMatch(image::equals)) {
      next.close();
      throw new InvalidArgumentException(image + ": its backing file would need it");
    }
    return next;
  }

  /** Keeps writers from starting on files that are only read. */
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
