package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.cli.render.ImageInfoDocument;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.image.AllowedFiles;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.ImageFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** {@code basedisk image rebase}. */
final class ImageRebaseCommand extends Command {

  // Before the parameter, so that an error names both if both are missing.
  private final Argument<String> backing =
      takes.requiredOption(
          "-b",
          "BACKING",
          Function.identity(),
          "The new backing file. A relative path starts at the current directory, and the image"
              + " stores the real path. With -u: the name to store, relative to FILE. Empty for"
              + " none.");

  private final Argument<Path> file = takes.parameter("FILE", Path::of, "The image.");

  private final Argument<ImageFormat> format =
      takes.option(
          "-F",
          "FORMAT",
          ImageFormat::ofLabel,
          "The format of BACKING: qcow2 or raw. It is never guessed.");

  private final Argument<Boolean> nameOnly =
      takes.flag(
          "-u",
          "Change only the name, and read no content. Parts that FILE does not hold then read from"
              + " BACKING.");

  private final Argument<List<Path>> allowed =
      takes.repeatableOption(
          "--allow-backing",
          "PATH",
          Path::of,
          "Open this file if FILE, BACKING or an image below them names it. May be repeated. No"
              + " other file is opened, except BACKING itself.");

  ImageRebaseCommand(RootCommand root) {
    super(
        root,
        "Gives a qcow2 image another backing file, and prints its info. The disk reads as before:"
            + " data that differs goes into a new file, which replaces the old one.",
        "Refused if a process has FILE open, if the home manages FILE, or if BACKING is, or"
            + " depends on, a file that the home manages.");
    new QemuOptions(this)
        .qcow2Only("a raw image has no backing file")
        .quiet()
        .progress()
        .cache("-t")
        .cache("-T")
        .sharing();
    examples(
        "  basedisk image rebase overlay.qcow2 -b other.qcow2 -F qcow2 --allow-backing base.qcow2",
        "  basedisk image rebase -u overlay.qcow2 -b moved/base.qcow2 -F qcow2");
  }

  @Override
  public Integer call() {
    Path image = file.get();
    String name = backing.get();
    ImageFormat backingFormat = format.orNull();
    if (name.isEmpty() == (backingFormat != null)) {
      throw new InvalidArgumentException("-b and -F go together: a format is never guessed");
    }
    if (nameOnly.or(false)) {
      BackingFile named =
          backingFormat == null ? null : new BackingFile(name, backingFormat.label());
      root.onImages(tools -> tools.renameBacking(image, named));
    } else {
      LayerFile layer = backingFormat == null ? null : new LayerFile(Path.of(name), backingFormat);
      AllowedFiles others = AllowedFiles.only(allowed.or(ImmutableList.of()));
      try (TidyStop stop = new TidyStop();
          ProgressLine progress = root.progress("rebase")) {
        root.onImages(tools -> tools.rebase(image, layer, others, progress));
      }
    }
    return root.print(new ImageInfoDocument(root.images().info(image)));
  }
}
