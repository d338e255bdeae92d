package io.basedisk.app.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import io.basedisk.app.cli.render.Document;
import io.basedisk.app.cli.render.ImageInfoDocument;
import io.basedisk.app.cli.render.RawImageDocument;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.qcow2.format.CompressionType;
import io.basedisk.qcow2.operation.Conversion;
import io.basedisk.qcow2.write.Compression;
import io.basedisk.qcow2.write.Qcow2Options;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code basedisk image convert}. */
@Command(
    name = "convert",
    description = {
      "Writes the disk that an image is, with its whole backing chain, to one new image, and prints"
          + " what that is. What is zeros takes no space in it.",
      "DST must not exist: unlike qemu-img, this never overwrites. It appears when it is complete and"
          + " durable. A file that a home manages is refused as DST."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  basedisk image convert overlay.qcow2 flat.qcow2 --allow-backing base.qcow2",
      "  basedisk image convert disk.qcow2 small.qcow2 -c zstd",
      "  basedisk image convert disk.raw disk.qcow2 --format raw"
    })
@SuppressWarnings("NullAway.Init") // picocli sets every field that it requires.
final class ImageConvertCommand implements Callable<Integer> {

  private final RootCommand root;

  @Parameters(paramLabel = "SRC", description = "The image to read.")
  private Path source;

  @Parameters(paramLabel = "DST", description = "The new image; it must not exist.")
  private Path target;

  @Option(
      names = "-O",
      paramLabel = "FORMAT",
      description = "The format of DST: qcow2, unless this says raw.")
  private ImageFormat targetFormat = ImageFormat.QCOW2;

  @Option(
      names = "-c",
      paramLabel = "TYPE",
      converter = CompressionName.class,
      description = "Compress the clusters of a qcow2 image: zlib or zstd.")
  private @Nullable CompressionType compression;

  @Option(
      names = "--level",
      paramLabel = "N",
      description =
          "How hard to compress: 1 to 9 for zlib, 1 to 22 for zstd; otherwise what serves best as a"
              + " rule.")
  private @Nullable Integer level;

  @Option(
      names = "--cluster-size",
      paramLabel = "SIZE",
      description =
          "The cluster size of a qcow2 image: a power of two from 512 to 2M; 64K if not said.")
  private @Nullable ByteSize clusterSize;

  @Mixin private SourceImage opening = new SourceImage();

  ImageConvertCommand(RootCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Qcow2Options options = options();
    HomeGuard guard = new HomeGuard(root.home(), root::open);
    Path realTarget = guard.realPathOfNew(target);
    guard.refuseManaged(ImmutableList.of(realTarget));
    try (TidyStop stop = new TidyStop();
        OpenImage image = opening.open(root, source);
        ProgressLine progress = root.progress("convert")) {
      Conversion conversion = new Conversion(image.disk(), realTarget, progress);
      if (targetFormat == ImageFormat.RAW) {
        conversion.toRaw();
      } else {
        conversion.toQcow2(options);
      }
    }
    return root.print(result());
  }

  private Document result() {
    return targetFormat == ImageFormat.RAW
        ? RawImageDocument.of(target)
        : ImageInfoDocument.of(target);
  }

  private Qcow2Options options() {
    if (targetFormat == ImageFormat.RAW && (compression != null || clusterSize != null)) {
      throw new InvalidArgumentException(
          "-c and --cluster-size are for qcow2: a raw image has none");
    }
    if (compression == null && level != null) {
      throw new InvalidArgumentException("--level goes with -c");
    }
    Qcow2Options options = Qcow2Options.DEFAULT;
    if (clusterSize != null) {
      options = options.withClusterSize(Ints.saturatedCast(clusterSize.bytes()));
    }
    if (compression != null) {
      options =
          options.withCompression(
              level == null ? Compression.of(compression) : new Compression(compression, level));
    }
    return options;
  }
}
