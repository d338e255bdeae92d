package io.basedisk.app.cli;

import io.basedisk.app.cli.render.ComparisonDocument;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.operation.Comparison;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code basedisk image compare}. */
@Command(
    name = "compare",
    description = {
      "Tells whether two disks read the same, byte for byte, whatever their images look like; exit"
          + " code 7 if not.",
      "Where one is longer, the other one counts as going on with zeros."
    },
    footerHeading = "%nExample:%n",
    footer = "  basedisk image compare disk.qcow2 -F raw disk.raw")
@SuppressWarnings("NullAway.Init") // picocli sets every field that it requires.
final class ImageCompareCommand implements Callable<Integer> {

  private final RootCommand root;

  @Parameters(paramLabel = "A", description = "The first image.")
  private Path first;

  @Parameters(paramLabel = "B", description = "The second image.")
  private Path second;

  @Option(
      names = {"-f", "--format"},
      paramLabel = "FORMAT",
      description = "The format of A: qcow2, unless this says raw. It is never guessed.")
  private ImageFormat firstFormat = ImageFormat.QCOW2;

  @Option(
      names = {"-F", "--second-format"},
      paramLabel = "FORMAT",
      description = "The format of B: qcow2, unless this says raw. It is never guessed.")
  private ImageFormat secondFormat = ImageFormat.QCOW2;

  @Mixin private ImageOpening opening = new ImageOpening();

  ImageCompareCommand(RootCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    try (OpenImage one = opening.open(root, first, firstFormat);
        OpenImage other = opening.open(root, second, secondFormat)) {
      ComparisonDocument result = compare(one.disk(), other.disk());
      root.print(result);
      return (result.identical() ? ExitCode.DONE : ExitCode.FINDINGS).number();
    }
  }

  private ComparisonDocument compare(DiskImage one, DiskImage other) {
    try (ProgressLine progress = root.progress("compare")) {
      return new ComparisonDocument(Comparison.firstDifference(one, other, progress));
    }
  }
}
