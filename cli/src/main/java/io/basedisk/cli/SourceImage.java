package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.image.ImageToOpen;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OpenDisk;
import java.nio.file.Path;
import java.util.function.Function;

/** The options of a command that reads one image. */
final class SourceImage {

  private final Argument<ImageFormat> format;

  private final ImageOpening opening;

  SourceImage(Arguments takes) {
    this.format =
        takes.option(
            ImmutableList.of("-f", "--format"),
            "FORMAT",
            ImageFormat::ofLabel,
            "The format of the image: qcow2 (the default) or raw. It is never guessed.");
    this.opening = new ImageOpening(takes);
  }

  /** {@return the image, with the backing files that the user allows} */
  ImageToOpen named(Path file) {
    return opening.named(file, format.or(ImageFormat.QCOW2));
  }

  /** {@return whether the user allows a backing file} */
  boolean allowsBacking() {
    return opening.isGiven();
  }

  /** Uses the image with its chain. {@code root} names the home, if there is one. */
  <T> T with(RootCommand root, Path file, Function<ImageToOpen, T> use) {
    return opening.with(root, named(file), use);
  }

  /** Opens the image with its chain. {@code root} names the home, if there is one. */
  OpenDisk open(ImageTools tools, RootCommand root, Path file) {
    return opening.open(tools, root, file, format.or(ImageFormat.QCOW2));
  }
}
