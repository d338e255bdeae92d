package io.basedisk.cli;

import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OpenDisk;
import java.nio.file.Path;

/** The options of a command that reads one image. */
final class SourceImage {

  private final Argument<ImageFormat> format;

  private final ImageOpening opening;

  SourceImage(Arguments takes) {
    this.format =
        takes.option(
            "--format",
            "FORMAT",
            ImageFormat::ofLabel,
            "The format of the image: qcow2 (the default) or raw. It is never guessed.");
    this.opening = new ImageOpening(takes);
  }

  /** Opens the image with its chain. {@code root} names the home, if there is one. */
  OpenDisk open(ImageTools tools, RootCommand root, Path file) {
    return opening.open(tools, root, file, format.or(ImageFormat.QCOW2));
  }
}
