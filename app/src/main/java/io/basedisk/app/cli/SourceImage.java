package io.basedisk.app.cli;

import io.basedisk.domain.model.ImageFormat;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a command opens the one image that it is to read. */
final class SourceImage {

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "The format of the image to read: qcow2, unless this says raw. It is never guessed.")
  private ImageFormat format = ImageFormat.QCOW2;

  @Mixin private ImageOpening opening = new ImageOpening();

  /** Opens it with its chain; {@code root} says which home there is, if any. */
  OpenImage open(RootCommand root, Path file) {
    return opening.open(root, file, format);
  }
}
