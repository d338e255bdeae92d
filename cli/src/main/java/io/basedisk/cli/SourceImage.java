package io.basedisk.cli;

import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OpenDisk;
import java.nio.file.Path;

/** How a command opens the one image that it is to read. */
final class SourceImage {

  private final Argument<ImageFormat> format;

  private final ImageOpening opening;

  SourceImage(Arguments takes) {
    this.format =
        takes.option(
            "--format",
            "FORMAT",
            ImageFormat::ofLabel,
            "The format of the image to read: qcow2, unless this says raw. It is never guessed.");
    this.opening = new ImageOpening(takes);
  }

  /** Opens it with its chain; {@code root} says which home there is, if any. */
  OpenDisk open(ImageTools tools, RootCommand root, Path file) {
    return opening.open(tools, root, file, format.or(ImageFormat.QCOW2));
  }
}
