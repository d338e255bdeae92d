package io.basedisk.app.cli;

import io.basedisk.app.cli.render.ImageMapDocument;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Mixin private SourceImage source = new SourceImage();

  ImageMapCommand(RootCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    try (OpenImage image = source.open(root, file)) {
      return root.print(new ImageMapDocument(image.disk()));
    }
  }
}
