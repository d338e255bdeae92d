package io.basedisk.cli;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.oci.boxlite.BoxliteArchive;
import io.basedisk.oci.boxlite.BoxliteDisk;
import io.basedisk.oci.boxlite.BoxliteLayers;
import io.basedisk.oci.place.ArtifactPlaces;
import org.jspecify.annotations.Nullable;

/** {@code basedisk import}. */
final class ImportCommand extends Command {

  private final Argument<FileOrStream> file =
      takes.parameter(
          "FILE|-",
          FileOrStream::parse,
          "An archive of 'export', or one of BoxLite. '-' reads one of 'export' from standard"
              + " input.");

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
        "An archive of BoxLite, of versions 1 to 6, is a file or, for version 6, a directory. It is"
            + " unpacked to a temporary directory first. Version 6 has layers, the others one disk.",
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
    ArtifactPlaces places = TransferPlaces.of(root);
    try (TidyStop stop = new TidyStop()) {
      if (!file.get().isStream() && BoxliteArchive.isOne(file.get().file())) {
        return importBoxlite(places);
      }
      try (LayerStore archive = open(places)) {
        return box.importFrom(root, archive, "import");
      }
    }
  }

  private int importBoxlite(ArtifactPlaces places) {
    try (BoxliteArchive archive = openBoxlite(places)) {
      if (archive instanceof BoxliteLayers layers) {
        return box.importFrom(root, layers, "import");
      }
      BoxliteDisk disk = (BoxliteDisk) archive;
      return root.runMakingHome(
          disks -> {
            try (ProgressLine progress = root.progress("import")) {
              return box.create(disks, ImageSource.alone(disk.file(), disk.format()), progress);
            }
          });
    }
  }

  private BoxliteArchive openBoxlite(ArtifactPlaces places) {
    try (ProgressLine progress = root.progress("unpack")) {
      return places.images().openBoxlite(file.get().file(), box.maxBytes(), progress);
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
