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

  // Before the parameter, so that both are told to be missing.
  private final Argument<String> backing =
      takes.requiredOption(
          "-b",
          "BACKING",
          Function.identity(),
          "The new backing file, relative to the current directory and stored as its real path; with"
              + " -u, the name as it is to be stored, relative to FILE. Empty for none.");

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
          "Change the name alone, without looking at any content: what FILE does not have itself"
              + " reads as what BACKING has.");

  private final Argument<List<Path>> allowed =
      takes.repeatableOption(
          "--allow-backing",
          "PATH",
          Path::of,
          "Open this file if FILE or BACKING names it, or one below them; may be repeated. No other"
              + " is opened, but for BACKING itself.");

  ImageRebaseCommand(RootCommand root) {
    super(
        root,
        "Gives a qcow2 image another backing file, and prints what it is then. The disk reads as"
            + " before: what differs goes into a new file, which replaces the old one.",
        "Refused while FILE is open anywhere, and for what a home manages: as FILE, and as BACKING or"
            + " what that stands on.");
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
