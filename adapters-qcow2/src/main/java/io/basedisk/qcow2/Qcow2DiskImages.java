package io.basedisk.qcow2;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.FileFailure;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.UnallowedFileException;
import io.basedisk.domain.image.CheckResult;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ChainFile;
import io.basedisk.domain.model.HeaderPatch;
import io.basedisk.domain.model.ImageCheck;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.LayerMerge;
import io.basedisk.domain.model.SourceImage;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.LayerContent;
import io.basedisk.domain.port.NewLayer;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.check.ReceivedLayer;
import io.basedisk.qcow2.check.RefcountCheck;
import io.basedisk.qcow2.format.BitmapsExtension;
import io.basedisk.qcow2.format.Feature;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.image.ImageMetadata;
import io.basedisk.qcow2.image.NewImage;
import io.basedisk.qcow2.image.OpenPolicy;
import io.basedisk.qcow2.operation.BackingPatch;
import io.basedisk.qcow2.operation.CanonicalContent;
import io.basedisk.qcow2.operation.CanonicalDigest;
import io.basedisk.qcow2.operation.ContentDigest;
import io.basedisk.qcow2.operation.Conversion;
import io.basedisk.qcow2.operation.OverlayMeasurement;
import io.basedisk.qcow2.operation.SparseLayer;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.resize.Growth;
import io.basedisk.qcow2.write.Qcow2Options;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import javax.inject.Inject;

/**
 * The domain's disk images, as qcow2 files. New images have version 3, 64 KiB clusters, 16-bit
 * refcounts and the compression type zlib.
 */
public final class Qcow2DiskImages implements DiskImages {

  private final OperatingSystem system;

  /** Uses the running system's own calls. */
  public Qcow2DiskImages() {
    this(OperatingSystem.current());
  }

  /**
   * Uses the given system calls.
   *
   * @param system the system calls to use
   */
  @Inject
  public Qcow2DiskImages(OperatingSystem system) {
    this.system = system;
  }

  @Override
  public ImageHeader readHeader(Path image) {
    try (ImageMetadata metadata = ImageMetadata.openRecorded(image, system)) {
      Header header = metadata.header();
      return new ImageHeader(
          header.version(),
          header.virtualSize(),
          header.backing().orElse(null),
          header.features().has(Feature.DIRTY),
          header.features().has(Feature.CORRUPT),
          header.snapshots(),
          header.bitmaps().map(BitmapsExtension::count).orElse(0));
    }
  }

  @Override
  public boolean isEmptyOverlay(Path image) {
    try (ImageMetadata metadata = ImageMetadata.openRecorded(image, system)) {
      return metadata.isEmptyOverlay();
    }
  }

  @Override
  public ImageCheck check(Path image) {
    CheckResult result = RefcountCheck.checkRecorded(image, system);
    return new ImageCheck(result.errors(), result.leaks());
  }

  @Override
  public String digest(Path image, Progress progress) {
    try (ImageFile file = ImageFile.openRecorded(image, system)) {
      return CanonicalDigest.of(file, progress);
    }
  }

  @Override
  public HeaderPatch planBackingName(Path image, Path backing) {
    requireNameable(backing);
    try (ImageFile file = ImageFile.openRecorded(image, system)) {
      return BackingPatch.ofName(file, backing);
    }
  }

  @Override
  public HeaderPatch planBacking(Path image, Path backing, ImageFormat backingFormat) {
    requireNameable(backing);
    try (ImageFile file = ImageFile.openRecorded(image, system)) {
      return BackingPatch.of(file, backing, backingFormat);
    }
  }

  @Override
  public void patchHeader(Path image, long inode, HeaderPatch patch) {
    byte[] bytes = HexFormat.of().parseHex(patch.after());
    boolean done;
    try {
      done = system.patch(image, inode, patch.offset(), bytes);
    } catch (NoSuchFileException e) {
      throw new NotFoundException(image + ": no such file", e);
    } catch (IOException e) {
      throw FileFailure.of(
          "cannot change the header of " + image + ": " + FileFailure.reasonOf(e), e);
    }
    if (!done) {
      throw new RefusedException(image + ": is another file than inode " + inode);
    }
  }

  @Override
  public void grow(Path image, long inode, ByteSize virtualSize) {
    try (ImageFile file = ImageFile.openRecordedToWrite(image, inode, system)) {
      Growth.of(file, virtualSize.bytes()).run();
    }
  }

  @Override
  public String bytesAt(Path image, HeaderPatch patch) {
    int count = patch.before().length() / 2;
    try (ImageFile file = ImageFile.openRecorded(image, system)) {
      if (file.length() < (long) patch.offset() + count) {
        throw new InvalidImageException(image + ": is shorter than its header was");
      }
      byte[] bytes = new byte[count];
      file.read(new HostOffset(patch.offset()), count).get(bytes);
      return HexFormat.of().formatHex(bytes);
    }
  }

  @Override
  public void createEmpty(Path image, ByteSize virtualSize) {
    requireUnshared(image);
    new NewImage(image, virtualSize.bytes(), null).create(system);
  }

  @Override
  public void createOverlay(
      Path image, Path backing, ImageFormat backingFormat, ByteSize virtualSize) {
    requireNameable(backing);
    requireUnshared(image);
    new NewImage(
            image, virtualSize.bytes(), new BackingFile(backing.toString(), backingFormat.label()))
        .create(system);
  }

  private void requireUnshared(Path image) {
    try {
      system.requireUnshared(image);
    } catch (IOException e) {
      throw FileFailure.of("cannot create " + image + ": " + FileFailure.reasonOf(e), e);
    }
  }

  // Imports.

  @Override
  public SourceImage inspect(ImageSource source) {
    try (DiskImage disk = open(source)) {
      return describe(source, disk);
    }
  }

  @Override
  public String contentDigest(SourceImage image, Progress progress) {
    try (DiskImage disk = reopen(image)) {
      return ContentDigest.of(disk, progress);
    }
  }

  @Override
  public void importImage(Path image, SourceImage source, ByteSize virtualSize, Progress progress) {
    requireRoomFor(source, image, virtualSize);
    requireUnshared(image);
    try (DiskImage disk = reopen(source)) {
      new Conversion(disk, virtualSize.bytes(), image, progress).toQcow2InPlace();
    }
  }

  @Override
  public void exportImage(
      Path image,
      SourceImage source,
      ByteSize virtualSize,
      NewImageFormat.Qcow2 format,
      Progress progress) {
    requireRoomFor(source, image, virtualSize);
    try (DiskImage disk = reopen(source)) {
      new Conversion(disk, virtualSize.bytes(), image, progress).toQcow2(Qcow2Options.of(format));
    }
  }

  private static void requireRoomFor(SourceImage source, Path image, ByteSize virtualSize) {
    if (virtualSize.bytes() < source.virtualSize()) {
      throw new InvalidArgumentException(
          image + ": " + virtualSize + " bytes are less than " + source.source().file() + " has");
    }
  }

  private static DiskImage open(ImageSource source) {
    return DiskImage.open(source.file(), source.format(), OpenPolicy.only(source.allowed()));
  }

  /** Opens an inspected image again, and checks that its paths still name the inspected files. */
  private static DiskImage reopen(SourceImage image) {
    String changed = image.source().file() + ": was changed during the operation";
    DiskImage disk;
    try {
      disk = open(image.source());
    } catch (UnallowedFileException e) {
      // At the inspection, it named only allowed files.
      throw new RefusedException(changed, e);
    }
    try {
      if (!describe(image.source(), disk).equals(image)) {
        throw new RefusedException(changed);
      }
      return disk;
    } catch (RuntimeException e) {
      disk.close();
      throw e;
    }
  }

  private static SourceImage describe(ImageSource source, DiskImage disk) {
    ImmutableList.Builder<SourceImage.Layer> layers = ImmutableList.builder();
    for (int i = 0; i < disk.layers().size(); i++) {
      layers.add(
          new SourceImage.Layer(disk.layers().get(i).path(), disk.identity(i).orElseThrow()));
    }
    return new SourceImage(source, layers.build(), disk.virtualSize());
  }

  // Merges.

  @Override
  public void createMerged(Path image, LayerMerge merge, Progress progress) {
    ChainFile backing = merge.backing();
    requireNameable(backing.path());
    requireUnshared(image);
    try (DiskImage disk = open(merge)) {
      new Conversion(disk, image, progress)
          .toOverlay(
              Qcow2Options.DEFAULT.withBackingFile(
                  new BackingFile(backing.path().toString(), backing.format().label())),
              merge.kept());
    }
  }

  @Override
  public long measureMerged(LayerMerge merge) {
    try (DiskImage disk = open(merge)) {
      return OverlayMeasurement.bytes(disk, Qcow2Options.DEFAULT.clusterSize(), merge.kept());
    }
  }

  private static DiskImage open(LayerMerge merge) {
    return DiskImage.openRecorded(merge.chain());
  }

  // Layers that travel.

  @Override
  public LayerContent openLayer(Path base, ImageFormat format) {
    ImageFile file = ImageFile.openRecorded(base, system);
    try {
      return format == ImageFormat.RAW
          ? CanonicalContent.ofRaw(file)
          : CanonicalContent.ofQcow2(file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public NewLayer createLayer(Path image) {
    requireUnshared(image);
    return new SparseLayer(ImageFile.create(image, system));
  }

  @Override
  public void checkLayer(Path image, Layer layer, boolean isLowest) {
    try (ImageFile file = ImageFile.openRecorded(image, system)) {
      ReceivedLayer.check(file, layer, isLowest);
    }
  }

  /**
   * Checks that a path can be a backing name: its text must determine the bytes of the file's name.
   */
  private static void requireNameable(Path backing) {
    if (!backing.isAbsolute()) {
      throw new InvalidArgumentException(backing + ": a backing file's path must be absolute");
    }
    String name = backing.toString();
    boolean ascii = StandardCharsets.US_ASCII.newEncoder().canEncode(name);
    boolean exact = fileNameCharset().equals(StandardCharsets.UTF_8) && name.indexOf('\ufffd') < 0;
    if (!ascii && !exact) {
      throw new InvalidArgumentException(
          backing + ": a backing file's path must be ASCII, or UTF-8 in a UTF-8 locale");
    }
  }

  private static Charset fileNameCharset() {
    return Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
  }
}
