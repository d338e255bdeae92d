package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.port.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The options of a command that imports an image. */
final class ImportedImage {

  private final Argument<ImageFormat> format;

  private final Argument<List<Path>> allowed;

  ImportedImage(Arguments takes) {
    this.format =
        takes.option(
            "--format",
            "FORMAT",
            ImageFormat::ofLabel,
            "The format of the image: qcow2 (the default) or raw. It is never guessed.");
    this.allowed =
        takes.repeatableOption("--allow-backing", "PATH", Path::of, ImageOpening.ALLOW_BACKING);
  }

  /** {@return the format of an image that is not a file of the user; null if it was not given} */
  @Nullable ImageFormat formatOfPulled() {
    if (allowed.isGiven()) {
      throw new InvalidArgumentException("--allow-backing requires an image file");
    }
    return format.orNull();
  }

  /** Checks that neither option is given, for a command line without an image. */
  void requireUnused(String option) {
    if (format.isGiven() || allowed.isGiven()) {
      throw new InvalidArgumentException("--format and --allow-backing require " + option);
    }
  }

  /**
   * Imports an image, shows the progress, and lets the import clean up if the program is stopped.
   */
  <T> T take(RootCommand root, Path image, BiFunction<ImageSource, Progress, T> taker) {
    ImageSource source =
        new ImageSource(
            image.toAbsolutePath(),
            format.or(ImageFormat.QCOW2),
            ImmutableSet.copyOf(allowed.or(ImmutableList.of())));
    try (TidyStop stop = new TidyStop();
        ProgressLine line = root.progress("import")) {
      return taker.apply(source, line);
    }
  }
}
