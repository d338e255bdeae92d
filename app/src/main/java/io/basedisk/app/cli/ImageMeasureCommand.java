package io.basedisk.app.cli;

import com.google.common.primitives.Ints;
import io.basedisk.app.cli.render.MeasurementDocument;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.operation.Measurement;
import io.basedisk.qcow2.write.Qcow2Options;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code basedisk image measure}. */
@Command(
    name = "measure",
    description =
        "Prints what a new image of a disk would take on disk, not compressed, as qemu-img measure"
            + " does.",
    footerHeading = "%nExample:%n",
    footer = "  basedisk image measure disk.qcow2 -O qcow2")
@SuppressWarnings("NullAway.Init") // picocli sets every field that it requires.
final class ImageMeasureCommand implements Callable<Integer> {

  private final RootCommand root;

  @Parameters(paramLabel = "FILE", description = "The image.")
  private Path file;

  @Option(
      names = "-O",
      paramLabel = "FORMAT",
      description = "The format of the new image: raw, as with qemu-img, unless this says qcow2.")
  private ImageFormat targetFormat = ImageFormat.RAW;

  @Option(
      names = "--cluster-size",
      paramLabel = "SIZE",
      description =
          "The cluster size of the new qcow2 image: a power of two from 512 to 2M; 64K if not said.")
  private @Nullable ByteSize clusterSize;

  @Mixin private SourceImage source = new SourceImage();

  ImageMeasureCommand(RootCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    if (targetFormat == ImageFormat.RAW && clusterSize != null) {
      throw new InvalidArgumentException("--cluster-size goes with -O qcow2");
    }
    try (OpenImage image = source.open(root, file)) {
      return root.print(new MeasurementDocument(measure(image.disk())));
    }
  }

  private Measurement measure(DiskImage disk) {
    if (targetFormat == ImageFormat.RAW) {
      return Measurement.ofRaw(disk);
    }
    Qcow2Options options = Qcow2Options.DEFAULT;
    return Measurement.ofQcow2(
        disk,
        clusterSize == null
            ? options.clusterSize()
            : options.withClusterSize(Ints.saturatedCast(clusterSize.bytes())).clusterSize());
  }
}
