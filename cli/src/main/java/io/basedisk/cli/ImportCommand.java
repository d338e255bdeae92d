package io.basedisk.cli;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.oci.place.ArtifactPlaces;
import org.jspecify.annotations.Nullable;

/** {@code basedisk import}. */
final class ImportCommand extends Command {

  private final Argument<FileOrStream> file =
      takes.parameter(
          "FILE|-",
          FileOrStream::parse,
          "An archive of 'export'. '-' reads it from standard input.");

  private final NewBoxOfLayers box =
      new NewBoxOfLayers(takes, " With '-', the archive itself has the same limit.");

  ImportCommand(RootCommand root) {
    super(
        root,
        "Creates a box with the disk and the snapshots in an archive of 'export', and prints it"
            + " with its layers. If there is no home, the command creates it.",
        "Layers that are here already are used, and not read. All else is checked while it is read."
            + " The box appears when it is complete. If the import fails, what it received stays"
            + " until the next 'gc', so that a repeat is faster.",
        "With '-', the archive is first copied to a temporary file. "
            + TransferPlaces.TEMPORARY_FILES,
        "",
        "--json: box, layers.");
    examples(
        "  basedisk import web-1.tar web-1",
        "  ssh other basedisk export web-1 - | basedisk import - web-1 --max-bytes 20G");
  }

  @Override
  public Integer call() {
    try (TidyStop stop = new TidyStop();
        LayerStore archive = open(TransferPlaces.of(root))) {
      return box.importFrom(root, archive, "import");
    }
  }

  private LayerStore open(ArtifactPlaces places) {
    if (!file.get().isStream()) {
      return places.openArchive(file.get().file());
    }
    if (root.console().input().isTerminal()) {
      throw new InvalidArgumentException(
          "standard input is a terminal: name a FILE, or send an archive through a pipe");
    }
    @Nullable ByteSize limit = box.maxBytes();
    return places.receiveArchive(
        root.console().input().stream(),
        "standard input",
        limit == null ? Long.MAX_VALUE : limit.bytes());
  }
}
