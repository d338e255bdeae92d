package io.basedisk.cli;

import com.google.common.primitives.Ints;
import io.basedisk.cli.render.MeasurementDocument;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OpenDisk;
import java.nio.file.Path;
import java.util.Optional;

/** {@code basedisk image measure}. */
final class ImageMeasureCommand extends Command {

  private final Argument<Path> file = takes.parameter("FILE", Path::of, "The image.");

  private final Argument<ImageFormat> targetFormat =
      takes.option(
          "-O",
          "FORMAT",
          ImageFormat::ofLabel,
          "The format of the new image: raw (the default, as with qemu-img) or qcow2.");

  private final Argument<ByteSize> clusterSize =
      takes.option(
          "--cluster-size",
          "SIZE",
          ByteSize::parse,
          "The cluster size of the new qcow2 image: a power of two from 512 to 2M. Default: 64K.");

  private final FormatOptions options = new FormatOptions(takes);

  private final SourceImage source = new SourceImage(takes);

  ImageMeasureCommand(RootCommand root) {
    super(
        root,
        "Prints the size that a new, uncompressed image of a disk would have, as qemu-img measure"
            + " does.");
    new QemuOptions(this).output().sharing();
    examples("  basedisk image measure disk.qcow2 -O qcow2");
  }

  @Override
  public Integer call() {
    if (isRaw() && (clusterSize.isGiven() || options.isGiven())) {
      throw new InvalidArgumentException("--cluster-size and -o require -O qcow2");
    }
    ImageTools tools = root.images();
    try (OpenDisk disk = source.open(tools, root, file.get())) {
      return root.print(new MeasurementDocument(tools.measure(disk, format())));
    }
  }

  private boolean isRaw() {
    return targetFormat.or(ImageFormat.RAW) == ImageFormat.RAW;
  }

  private NewImageFormat format() {
    if (isRaw()) {
      return NewImageFormat.RAW;
    }
    return Optional.ofNullable(clusterSize.orNull())
        .map(size -> Ints.saturatedCast(size.bytes()))
        .or(options::clusterSize)
        .map(NewImageFormat.Qcow2.DEFAULT::withClusterSize)
        .orElse(NewImageFormat.Qcow2.DEFAULT);
  }
}
