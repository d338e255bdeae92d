package io.basedisk.qcow2;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageCheck;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.qcow2.check.CheckResult;
import io.basedisk.qcow2.check.RefcountCheck;
import io.basedisk.qcow2.format.BitmapsExtension;
import io.basedisk.qcow2.format.Feature;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.image.ImageMetadata;
import io.basedisk.qcow2.image.NewImage;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The domain's disk images as qcow2 files: new ones are of version 3 with 64 KiB clusters, 16-bit
 * refcounts and zlib compression.
 */
public final class Qcow2DiskImages implements DiskImages {

  @Override
  public ImageHeader readHeader(Path image) {
    try (ImageMetadata metadata = ImageMetadata.open(image)) {
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
  public boolean isUnwritten(Path image) {
    try (ImageMetadata metadata = ImageMetadata.open(image)) {
      return metadata.isUnwritten();
    }
  }

  @Override
  public ImageCheck check(Path image) {
    CheckResult result = RefcountCheck.check(image);
    return new ImageCheck(result.errors(), result.leaks());
  }

  @Override
  public void createEmpty(Path image, ByteSize virtualSize) {
    new NewImage(image, virtualSize.bytes(), null).create();
  }

  @Override
  public void createOverlay(
      Path image, Path backing, ImageFormat backingFormat, ByteSize virtualSize) {
    requireNameable(backing);
    new NewImage(
            image, virtualSize.bytes(), new BackingFile(backing.toString(), backingFormat.label()))
        .create();
  }

  /** An image names its backing file in bytes; they must be those of the file's own name. */
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
