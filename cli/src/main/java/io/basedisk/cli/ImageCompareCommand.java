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
          "The format of A: qcow2 (the default) or raw. It is never guessed.");

  private final Argument<ImageFormat> secondFormat =
      takes.option(
          ImmutableList.of("-F", "--second-format"),
          "FORMAT",
          ImageFormat::ofLabel,
          "The format of B: qcow2 (the default) or raw. It is never guessed.");

  private final ImageOpening opening = new ImageOpening(takes);

  ImageCompareCommand(RootCommand root) {
    super(
        root,
        "Compares the content of two disks byte by byte. If they differ, the exit code is 7.",
        "If one disk is longer, the rest of the shorter one counts as zeros.");
    new QemuOptions(this).quiet().progress().cache("-T").sharing();
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
