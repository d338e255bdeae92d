package io.basedisk.qcow2;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.Remedy;
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
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OpenDisk;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.check.ImageRepair;
import io.basedisk.qcow2.check.RefcountCheck;
import io.basedisk.qcow2.file.FileImageLocks;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.image.ImageInfoReader;
import io.basedisk.qcow2.image.OpenPolicy;
import io.basedisk.qcow2.operation.Comparison;
import io.basedisk.qcow2.operation.Conversion;
import io.basedisk.qcow2.operation.ImageMeasurement;
import io.basedisk.qcow2.operation.Overwrite;
import io.basedisk.qcow2.operation.Rebase;
import io.basedisk.qcow2.operation.Resize;
import io.basedisk.qcow2.os.FileKind;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.write.Qcow2Options;
import io.basedisk.qcow2.write.Qcow2Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Image tools for qcow2 and raw files on this machine. */
public final class Qcow2ImageTools implements ImageTools {

  private final OperatingSystem system;
  private final DiskFiles files;
  private final DiskImages images;
  private final ImageLocks readLocks;
  private final ImageRepair repair;
  private final Overwrite overwrite;
  private final Rebase rebase;
  private final Resize resize;

  /**
   * @param system the system calls to use
   * @param unknownUse what to do before a change if the system can't say which process uses the
   *     image. For reading, an image is opened in any case
   */
  @Inject
  public Qcow2ImageTools(OperatingSystem system, UnknownUsePolicy unknownUse) {
    this.system = system;
    this.files = new LocalDiskFiles(system);
    this.images = new Qcow2DiskImages(system);
    this.readLocks = new FileImageLocks(system, UnknownUsePolicy.TRUST_CALLER);
    this.repair = new ImageRepair(system, unknownUse);
    this.overwrite = new Overwrite(system, unknownUse);
    this.rebase = new Rebase(system, unknownUse);
    this.resize = new Resize(system, unknownUse);
  }

  // One file, without its backing files.

  @Override
  public ImageInfo info(Path image) {
    return ImageInfoReader.read(image);
  }

  @Override
  public ImmutableList<LayerInfo> chainInfo(ImageToOpen image) {
    try (DiskImage disk =
        DiskImage.open(image.file(), image.format(), OpenPolicy.of(image.allowed()))) {
      return disk.info();
    }
  }

  @Override
  public RawImageInfo rawInfo(Path image) {
    FileStatus status =
        files
            .status(files.realPath(image))
            .orElseThrow(() -> new NotFoundException(image + ": no such file"));
    return new RawImageInfo(
        image,
        status.isBlockDevice() ? sizeOfDevice(image) : status.length(),
        status.allocatedBytes());
  }

  private static long sizeOfDevice(Path device) {
    try (ImageFile file = ImageFile.openToRead(device)) {
      return file.length();
    }
  }

  @Override
  public CheckResult check(Path image, Progress progress) {
    return RefcountCheck.check(image, progress);
  }

  @Override
  public RepairResult repair(Path image, RepairScope scope, Progress progress) {
    requireFile(image);
    return repair.repair(image, scope, progress);
  }

  /** Checks that a path leads to a regular file, because the file is changed or replaced. */
  private static void requireFile(Path image) {
    if (!Files.exists(image)) {
      throw new NotFoundException(
          image + ": " + FileKind.brokenLink(image).map("is "::concat).orElse("no such file"));
    }
    if (!Files.isRegularFile(image)) {
      throw notRegular(image);
    }
  }

  private static InvalidImageException notRegular(Path image) {
    return new InvalidImageException(image + ": is " + FileKind.of(image) + ", not a regular file");
  }

  // Disks, read through their chains.

  @Override
  public OpenDisk open(ImageToOpen image) {
    return new GuardedDisk(
        DiskImage.open(image.file(), image.format(), OpenPolicy.of(image.allowed())), readLocks);
  }

  @Override
  public OpenDisk openSnapshot(ImageToOpen image, SnapshotChoice snapshot) {
    if (image.format() != ImageFormat.QCOW2) {
      throw new InvalidArgumentException(
          image.file() + ": a " + image.format().label() + " image has no internal snapshots");
    }
    return new GuardedDisk(
        DiskImage.openSnapshot(image.file(), OpenPolicy.of(image.allowed()), snapshot), readLocks);
  }

  @Override
  public OptionalLong compare(OpenDisk first, OpenDisk second, Progress progress) {
    return Comparison.firstDifference(
        GuardedDisk.imageOf(first), GuardedDisk.imageOf(second), progress);
  }

  @Override
  public Measurement measure(OpenDisk disk, NewImageFormat format) {
    DiskImage image = GuardedDisk.imageOf(disk);
    return format instanceof NewImageFormat.Qcow2 qcow2
        ? ImageMeasurement.ofQcow2(image, qcow2.clusterSize())
        : ImageMeasurement.ofRaw(image);
  }

  @Override
  public void overwrite(OpenDisk disk, Path target, NewImageFormat format, Progress progress) {
    if (Files.exists(target)) {
      overwrite.run(GuardedDisk.imageOf(disk), target, format, progress);
    } else {
      convert(disk, target, format, progress);
    }
  }

  @Override
  public void convert(OpenDisk disk, Path target, NewImageFormat format, Progress progress) {
    Path real = realPathOfNew(target);
    if (Files.exists(real)) {
      throw new AlreadyExistsException(
          real + ": exists already", new Remedy.ChooseFileOrOverwrite(real));
    }
    Conversion conversion = new Conversion(GuardedDisk.imageOf(disk), real, progress);
    if (format instanceof NewImageFormat.Qcow2 qcow2) {
      conversion.toQcow2(Qcow2Options.of(qcow2));
    } else {
      conversion.toRaw();
    }
  }

  // New images, and new backing files.

  @Override
  public void create(
      Path image, @Nullable LayerFile backing, ByteSize virtualSize, NewImageFormat.Qcow2 format) {
    Path target = realPathOfNew(image);
    ByteSize size = virtualSize.roundedUpTo(ClusterGeometry.SECTOR_SIZE);
    Path real = backing == null ? null : files.realPath(backing.path());
    if (backing != null && real != null) {
      requireReadable(real, backing.format());
    }
    if (!format.equals(NewImageFormat.Qcow2.DEFAULT)) {
      Qcow2Options options = Qcow2Options.of(format);
      createEmpty(
          target,
          size,
          backing == null || real == null
              ? options
              : options.withBackingFile(
                  new BackingFile(real.toString(), backing.format().label())));
    } else if (backing == null || real == null) {
      images.createEmpty(target, size);
    } else {
      images.createOverlay(target, real, backing.format(), size);
    }
    files.sync(ImmutableList.of(target, checkNotNull(target.getParent())));
  }

  private void createEmpty(Path image, ByteSize size, Qcow2Options options) {
    try (Qcow2Writer writer = Qcow2Writer.create(image, size.bytes(), options, system)) {
      writer.finish();
    }
  }

  /** Checks that an image can be a backing file: its whole chain must be readable. */
  private void requireReadable(Path image, ImageFormat format) {
    FileStatus status = files.status(image).orElse(null);
    boolean isDevice = status != null && status.isBlockDevice();
    if (status == null || (!status.isRegularFile() && !isDevice)) {
      throw notRegular(image);
    }
    if (format == ImageFormat.QCOW2) {
      if (isDevice) {
        BackingChains.read(image, info(image).backing(), files, images);
      } else {
        BackingChains.read(image, files, images);
      }
    }
  }

  /** {@return the real path of a new file} */
  private Path realPathOfNew(Path file) {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new AlreadyExistsException(file + ": exists already", new Remedy.ChooseFile(file));
    }
    return files.realPath(directory).resolve(file.getFileName());
  }

  @Override
  public void resize(ImageToOpen image, SizeChange size, Progress progress) {
    requireFile(image.file());
    resize.grow(image, size, progress);
  }

  @Override
  public void rebase(
      Path image, @Nullable LayerFile backing, AllowedFiles allowed, Progress progress) {
    requireFile(image);
    rebase.safely(image, OpenPolicy.of(allowed), backing, progress);
  }

  @Override
  public void renameBacking(Path image, @Nullable BackingFile backing) {
    requireFile(image);
    rebase.nameOnly(image, backing);
  }
}
