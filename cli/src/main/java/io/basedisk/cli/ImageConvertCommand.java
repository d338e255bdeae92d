package io.basedisk.cli;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Ints;
import io.basedisk.cli.render.Document;
import io.basedisk.cli.render.ImageInfoDocument;
import io.basedisk.cli.render.RawImageDocument;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.image.Compression;
import io.basedisk.domain.image.CompressionType;
import io.basedisk.domain.image.ImageToOpen;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.image.SnapshotChoice;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OpenDisk;
import io.basedisk.domain.port.Progress;
import java.nio.file.Path;
import java.util.Optional;

/** {@code basedisk image convert}. */
final class ImageConvertCommand extends Command {

  private final Argument<Path> source = takes.parameter("SRC", Path::of, "The image to read.");

  private final Argument<Path> target =
      takes.parameter(
          "DST", Path::of, "The new image. It must not exist, unless --overwrite is given.");

  private final Argument<ImageFormat> targetFormat =
      takes.option(
          "-O", "FORMAT", ImageFormat::ofLabel, "The format of DST: qcow2 (the default) or raw.");

  private final Argument<Optional<CompressionType>> compression =
      takes.optionWithOptionalValue(
          "-c",
          "TYPE",
          ImmutableSet.of("zlib", "zstd"),
          "",
          type -> type.isEmpty() ? Optional.empty() : Optional.of(CompressionName.parse(type)),
          "Compress the clusters of a qcow2 image: zlib or zstd. Without TYPE: the compression_type"
              + " of -o, else zlib.");

  private final Argument<Integer> level =
      takes.option(
          "--level",
          "N",
          Numbers::whole,
          "The compression level: 1 to 9 for zlib, 1 to 22 for zstd. Default: 5 and 3.");

  private final Argument<ByteSize> clusterSize =
      takes.option(
          "--cluster-size",
          "SIZE",
          ByteSize::parse,
          "The cluster size of a qcow2 image: a power of two from 512 to 2M. Default: 64K.");

  private final FormatOptions options = new FormatOptions(takes);

  private final Argument<SnapshotChoice> snapshot =
      takes.option(
          "-l",
          "SNAPSHOT",
          SnapshotChoice::parse,
          "Read this internal snapshot: its id or name, or snapshot.id=ID, or snapshot.name=NAME.");

  private final Argument<Boolean> overwriting =
      takes.flag(
          "--overwrite",
          "Replace DST if it exists: a regular file in one step, a block device in place.");

  private final SourceImage opening = new SourceImage(takes);

  ImageConvertCommand(RootCommand root) {
    super(
        root,
        "Writes the content of an image and its whole backing chain to one new image, and prints"
            + " its info. Zeros take no space in the new image.",
        "Unlike qemu-img, this command overwrites DST only with --overwrite. A new file appears when"
            + " it is complete and durable. SRC and DST may be block devices. A device as DST gets"
            + " zeros where the disk has zeros, and keeps what it has after the end of the image;"
            + " if the command is interrupted, it has a part of the image. Refused as DST: a path"
            + " that the home manages, a file of SRC, and, with --overwrite, a file or device that"
            + " is in use, mounted, read-only or too small.");
    new QemuOptions(this).quiet().progress().cache("-t").cache("-T").parallel().sharing();
    examples(
        "  basedisk image convert overlay.qcow2 flat.qcow2 --allow-backing base.qcow2",
        "  basedisk image convert disk.qcow2 small.qcow2 -c zstd",
        "  basedisk image convert disk.raw disk.qcow2 --format raw",
        "  basedisk image convert disk.qcow2 /dev/vg0/disk -O raw --overwrite");
  }

  @Override
  public Integer call() {
    NewImageFormat format = format();
    try (TidyStop stop = new TidyStop();
        ProgressLine progress = root.progress("convert")) {
      root.onImages(tools -> convert(tools, format, progress));
    }
    return root.print(result());
  }

  private void convert(ImageTools tools, NewImageFormat format, Progress progress) {
    try (OpenDisk disk = opening.with(root, source.get(), image -> open(tools, image))) {
      if (overwriting.or(false)) {
        tools.overwrite(disk, target.get(), format, progress);
      } else {
        tools.convert(disk, target.get(), format, progress);
      }
    }
  }

  private OpenDisk open(ImageTools tools, ImageToOpen image) {
    return snapshot.isGiven() ? tools.openSnapshot(image, snapshot.get()) : tools.open(image);
  }

  private Document result() {
    ImageTools tools = root.images();
    return isRaw()
        ? new RawImageDocument(tools.rawInfo(target.get()))
        : new ImageInfoDocument(tools.info(target.get()));
  }

  private boolean isRaw() {
    return targetFormat.or(ImageFormat.QCOW2) == ImageFormat.RAW;
  }

  private NewImageFormat format() {
    if (isRaw() && (compression.isGiven() || clusterSize.isGiven() || options.isGiven())) {
      throw new InvalidArgumentException(
          "-c, -o and --cluster-size are for qcow2: a raw image has none");
    }
    if (options.compressionType().isPresent() && !compression.isGiven()) {
      throw new InvalidArgumentException("-o compression_type requires -c");
    }
    if (level.isGiven() && !compression.isGiven()) {
      throw new InvalidArgumentException("--level requires -c");
    }
    return isRaw() ? NewImageFormat.RAW : qcow2();
  }

  private NewImageFormat.Qcow2 qcow2() {
    NewImageFormat.Qcow2 format = NewImageFormat.Qcow2.DEFAULT;
    if (clusterSize.isGiven()) {
      format = format.withClusterSize(Ints.saturatedCast(clusterSize.get().bytes()));
    } else if (options.clusterSize().isPresent()) {
      format = format.withClusterSize(options.clusterSize().get());
    }
    if (compression.isGiven()) {
      CompressionType type =
          compression.get().or(options::compressionType).orElse(CompressionType.ZLIB);
      format =
          format.withCompression(
              level.isGiven() ? new Compression(type, level.get()) : Compression.of(type));
    }
    return format;
  }
}
