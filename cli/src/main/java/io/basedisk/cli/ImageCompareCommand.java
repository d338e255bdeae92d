package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.cli.render.ComparisonDocument;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OpenDisk;
import java.nio.file.Path;

/** {@code basedisk image compare}. */
final class ImageCompareCommand extends Command {

  private final Argument<Path> first = takes.parameter("A", Path::of, "The first image.");

  private final Argument<Path> second = takes.parameter("B", Path::of, "The second image.");

  private final Argument<ImageFormat> firstFormat =
      takes.option(
          ImmutableList.of("-f", "--format"),
          "FORMAT",
          ImageFormat::ofLabel,
          "The format of A: qcow2, unless this says raw. It is never guessed.");

  private final Argument<ImageFormat> secondFormat =
      takes.option(
          ImmutableList.of("-F", "--second-format"),
          "FORMAT",
          ImageFormat::ofLabel,
          "The format of B: qcow2, unless this says raw. It is never guessed.");

  private final ImageOpening opening = new ImageOpening(takes);

  ImageCompareCommand(RootCommand root) {
    super(
        root,
        "Tells whether two disks read the same, byte for byte, whatever their images look like; exit"
            + " code 7 if not.",
        "Where one is longer, the other one counts as going on with zeros.");
    examples("  basedisk image compare disk.qcow2 -F raw disk.raw");
  }

  @Override
  public Integer call() {
    ImageTools tools = root.images();
    try (OpenDisk one = opening.open(tools, root, first.get(), firstFormat.or(ImageFormat.QCOW2));
        OpenDisk other =
            opening.open(tools, root, second.get(), secondFormat.or(ImageFormat.QCOW2))) {
      ComparisonDocument result = compare(tools, one, other);
      root.print(result);
      return (result.identical() ? ExitCode.DONE : ExitCode.FINDINGS).number();
    }
  }

  private ComparisonDocument compare(ImageTools tools, OpenDisk one, OpenDisk other) {
    try (ProgressLine progress = root.progress("compare")) {
      return new ComparisonDocument(tools.compare(one, other, progress));
    }
  }
}
