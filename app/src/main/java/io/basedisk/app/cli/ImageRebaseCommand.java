package io.basedisk.app.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.cli.render.ImageInfoDocument;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.qcow2.image.LayerFile;
import io.basedisk.qcow2.image.OpenPolicy;
import io.basedisk.qcow2.operation.Rebase;
import io.basedisk.qcow2.os.OperatingSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code basedisk image rebase}. */
@Command(
    name = "rebase",
    description = {
      "Gives a qcow2 image another backing file, and prints what it is then. The disk reads as"
          + " before: what differs goes into a new file, which replaces the old one.",
      "Refused while FILE is open anywhere, and for what a home manages: as FILE, and as BACKING or"
          + " what that stands on."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  basedisk image rebase overlay.qcow2 -b other.qcow2 -F qcow2 --allow-backing base.qcow2",
      "  basedisk image rebase -u overlay.qcow2 -b moved/base.qcow2 -F qcow2"
    })
@SuppressWarnings("NullAway.Init") // picocli sets every field that it requires.
final class ImageRebaseCommand implements Callable<Integer> {

  private final RootCommand root;

  @Parameters(paramLabel = "FILE", description = "The image.")
  private Path file;

  @Option(
      names = "-b",
      paramLabel = "BACKING",
      required = true,
      description =
          "The new backing file, relative to the current directory and stored as its real path; with"
              + " -u, the name as it is to be stored, relative to FILE. Empty for none.")
  private String backing;

  @Option(
      names = "-F",
      paramLabel = "FORMAT",
      description = "The format of BACKING: qcow2 or raw. It is never guessed.")
  private @Nullable ImageFormat format;

  @Option(
      names = "-u",
      description =
          "Change the name alone, without looking at any content: what FILE does not have itself"
              + " reads as what BACKING has.")
  private boolean nameOnly;

  @Option(
      names = "--allow-backing",
      paramLabel = "PATH",
      description =
          "Open this file if FILE or BACKING names it, or one below them; may be repeated. No other"
              + " is opened.")
  private List<Path> allowed = ImmutableList.of();

  ImageRebaseCommand(RootCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    if (backing.isEmpty() == (format != null)) {
      throw new InvalidArgumentException("-b and -F go together: a format is never guessed");
    }
    if (!Files.exists(file)) {
      throw new NotFoundException(file + ": no such file");
    }
    if (nameOnly) {
      rebaseUnlessManaged(named())
          .nameOnly(file, format == null ? null : new BackingFile(backing, format.label()));
    } else {
      LayerFile layer = format == null ? null : new LayerFile(Path.of(backing), format);
      Rebase rebase =
          rebaseUnlessManaged(layer == null ? ImmutableList.of() : ImmutableList.of(layer.path()));
      try (TidyStop stop = new TidyStop();
          ProgressLine progress = root.progress("rebase")) {
        rebase.safely(file, OpenPolicy.only(allowed), layer, progress);
      }
    }
    return root.print(ImageInfoDocument.of(file));
  }

  /** Returns the file that the new name will lead to, if there is one. */
  private ImmutableList<Path> named() {
    Path path = file.toAbsolutePath().resolveSibling(backing);
    return !backing.isEmpty() && Files.exists(path) ? ImmutableList.of(path) : ImmutableList.of();
  }

  private Rebase rebaseUnlessManaged(ImmutableList<Path> backingFiles) {
    List<Path> files = new ArrayList<>(backingFiles);
    files.add(file);
    files.addAll(allowed);
    return new Rebase(OperatingSystem.current(), root.refuseManaged(files));
  }
}
