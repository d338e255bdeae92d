package io.basedisk.cli;

import io.basedisk.cli.render.ImageInfoDocument;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.image.Compression;
import io.basedisk.domain.image.CompressionType;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import java.nio.file.Path;

/** {@code basedisk image create}. */
final class ImageCreateCommand extends Command {

  private final Argument<Path> file =
      takes.parameter("FILE", Path::of, "The new file, which must not exist.");

  private final Argument<ByteSize> size =
      takes.parameter(
          "SIZE",
          ByteSize::parse,
          "The virtual size, such as 512M or 10G; rounded up to a multiple of 512 bytes.");

  private final Argument<Path> backing =
      takes.option(
          "-b",
          "BACKING",
          Path::of,
          "Create an overlay of this image. A relative path starts at the current directory (with"
              + " qemu-img: at the directory of FILE). The image stores the real path.");

  private final Argument<ImageFormat> backingFormat =
      takes.option(
          "-F",
          "FORMAT",
          ImageFormat::ofLabel,
          "The format of BACKING: qcow2 or raw. It is never guessed.");

  private final FormatOptions options = new FormatOptions(takes);

  ImageCreateCommand(RootCommand root) {
    super(
        root,
        "Creates an empty qcow2 image, or an overlay of another image, and prints its info.",
        "Refused are FILE in the home's bases directory or at a box's disk, and BACKING that is,"
            + " or depends on, a base or a box's disk.");
    new QemuOptions(this)
        .qcow2Only("this command creates qcow2 images; for a raw one, run 'truncate -s SIZE FILE'")
        .quiet();
    examples(
        "  basedisk image create disk.qcow2 10G",
        "  basedisk image create overlay.qcow2 10G -b disk.qcow2 -F qcow2");
  }

  @Override
  public Integer call() {
    if (backing.isGiven() != backingFormat.isGiven()) {
      throw new InvalidArgumentException("-b and -F go together: a format is never guessed");
    }
    LayerFile below = backing.isGiven() ? new LayerFile(backing.get(), backingFormat.get()) : null;
    NewImageFormat.Qcow2 format = format();
    root.onImages(tools -> tools.create(file.get(), below, size.get(), format));
    return root.print(new ImageInfoDocument(root.images().info(file.get())));
  }

  private NewImageFormat.Qcow2 format() {
    NewImageFormat.Qcow2 format = NewImageFormat.Qcow2.DEFAULT;
    if (options.clusterSize().isPresent()) {
      format = format.withClusterSize(options.clusterSize().get());
    }
    // The default type needs no mark in the header.
    return options
        .compressionType()
        .filter(type -> type != CompressionType.ZLIB)
        .map(Compression::of)
        .map(format::withCompression)
        .orElse(format);
  }
}
