package io.basedisk.app.cli;

import io.basedisk.app.cli.render.ImageMapDocument;
import io.basedisk.domain.model.ImageFormat;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code basedisk image map}. */
@Command(
    name = "map",
    description =
        "Prints where each part of a disk is: in which file of its chain and where in that, as"
            + " qemu-img map does.",
    footerHeading = "%nExample:%n",
    footer = "  basedisk image map --json overlay.qcow2 --allow-backing base.qcow2")
@SuppressWarnings("NullAway.Init") // picocli sets every field that it requires.
final class ImageMapCommand implements Callable<Integer> {

  private final RootCommand root;

  @Parameters(paramLabel = "FILE", description = "The image.")
  private Path file;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "The format of FILE: qcow2, unless this says raw. It is never guessed.")
  private ImageFormat format = ImageFormat.QCOW2;

  @Mixin private ImageOpening opening = new ImageOpening();

  ImageMapCommand(RootCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    try (OpenImage image = opening.open(root, file, format)) {
      return root.print(new ImageMapDocument(image.disk()));
    }
  }
}
