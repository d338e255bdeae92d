package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import io.basedisk.cli.render.Document;
import io.basedisk.cli.render.ImageInfoDocument;
import io.basedisk.cli.render.RawImageDocument;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.qcow2.format.CompressionType;
import io.basedisk.qcow2.operation.Conversion;
import io.basedisk.qcow2.write.Compression;
import io.basedisk.qcow2.write.Qcow2Options;
import java.nio.file.Path;

/** {@code basedisk image convert}. */
final class ImageConvertCommand extends Command {

  private final Argument<Path> source = takes.parameter("SRC", Path::of, "The image to read.");

  private final Argument<Path> target =
      takes.parameter("DST", Path::of, "The new image; it must not exist.");

  private final Argument<ImageFormat> targetFormat =
      takes.option(
          "-O", "FORMAT", ImageFormat::ofLabel, "The format of DST: qcow2, unless this says raw.");

  private final Argument<CompressionType> compression =
      takes.option(
          "-c",
          "TYPE",
          CompressionName::parse,
          "Compress the clusters of a qcow2 image: zlib or zstd.");

  private final Argument<Integer> level =
      takes.option(
          "--level",
          "N",
          Numbers::whole,
          "How hard to compress: 1 to 9 for zlib, 1 to 22 for zstd; otherwise what serves best as a"
              + " rule.");

  private final Argument<ByteSize> clusterSize =
      takes.option(
          "--cluster-size",
          "SIZE",
          ByteSize::parse,
          "The cluster size of a qcow2 image: a power of two from 512 to 2M; 64K if not said.");

  private final SourceImage opening = new SourceImage(takes);

  ImageConvertCommand(RootCommand root) {
    super(
        root,
        "Writes the disk that an image is, with its whole backing chain, to one new image, and prints"
            + " what that is. What is zeros takes no space in it.",
        "DST must not exist: unlike qemu-img, this never overwrites. It appears when it is complete and"
            + " durable. A file that a home manages is refused as DST.");
    examples(
        "  basedisk image convert overlay.qcow2 flat.qcow2 --allow-backing base.qcow2",
        "  basedisk image convert disk.qcow2 small.qcow2 -c zstd",
        "  basedisk image convert disk.raw disk.qcow2 --format raw");
  }

  @Override
  public Integer call() {
    Qcow2Options options = options();
    HomeGuard guard = new HomeGuard(root::open);
    Path realTarget = guard.realPathOfNew(target.get());
    guard.refuseManaged(ImmutableList.of(realTarget));
    try (TidyStop stop = new TidyStop();
        OpenImage image = opening.open(root, source.get());
        ProgressLine progress = root.progress("convert")) {
      Conversion conversion = new Conversion(image.disk(), realTarget, progress);
      if (isRaw()) {
        conversion.toRaw();
      } else {
        conversion.toQcow2(options);
      }
    }
    return root.print(result());
  }

  private Document result() {
    return isRaw() ? RawImageDocument.of(target.get()) : ImageInfoDocument.of(target.get());
  }

  private boolean isRaw() {
    return targetFormat.or(ImageFormat.QCOW2) == ImageFormat.RAW;
  }

  private Qcow2Options options() {
    if (isRaw() && (compression.isGiven() || clusterSize.isGiven())) {
      throw new InvalidArgumentException(
          "-c and --cluster-size are for qcow2: a raw image has none");
    }
    if (level.isGiven() && !compression.isGiven()) {
      throw new InvalidArgumentException("--level goes with -c");
    }
    Qcow2Options options = Qcow2Options.DEFAULT;
    if (clusterSize.isGiven()) {
      options = options.withClusterSize(Ints.saturatedCast(clusterSize.get().bytes()));
    }
    if (compression.isGiven()) {
      options =
          options.withCompression(
              level.isGiven()
                  ? new Compression(compression.get(), level.get())
                  : Compression.of(compression.get()));
    }
    return options;
  }
}
