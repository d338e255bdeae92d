package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.cli.render.TransferDocuments;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.transfer.Transfers.Exported;
import java.nio.file.Path;

/** {@code basedisk export}. */
final class ExportCommand extends Command {

  private final ExportedBox source = new ExportedBox(takes);

  private final Argument<FileOrStream> file =
      takes.parameter(
          "FILE|-", FileOrStream::parse, "The new archive. '-' writes it to standard output.");

  ExportCommand(RootCommand root) {
    super(
        root,
        "Exports a box, or a snapshot of it, to an archive for 'import', and prints its layers. The"
            + " archive has the disk, the bases below it, and the snapshots among these.",
        "If you export the box as it is now, stop its VM first. The disk becomes a base, and an"
            + " empty overlay of it takes its place, as for 'clone'. With --mode copy, pause the"
            + " VM instead; the copy is removed after the export.",
        "The archive is a tar file with an OCI image layout, compressed inside; skopeo reads it."
            + " The same disk gives the same bytes. A file that exists is never replaced.",
        "With '-', the result is printed to standard error, with --json too. With --quiet and"
            + " without --json, it is not printed.",
        TransferPlaces.TEMPORARY_FILES,
        "",
        "--json: layers, reference. The reference is the digest of the manifest.");
    examples(
        "  basedisk export web-1 web-1.tar",
        "  basedisk export web-1@clean clean.tar",
        "  basedisk export web-1 - | ssh other basedisk import - web-1");
  }

  @Override
  public Integer call() {
    return root.runWork(disks -> file.get().isStream() ? exportToPipe(disks) : exportToFile(disks));
  }

  private int exportToFile(BaseDisks disks) {
    Path target = file.get().file();
    disks.managedFiles().requireNone(ImmutableList.of(target));
    try (LayerStore archive = TransferPlaces.of(root).createArchive(target)) {
      return root.print(export(disks, archive));
    }
  }

  /** Standard output has the archive alone. */
  private int exportToPipe(BaseDisks disks) {
    if (root.console().screen().isTerminal()) {
      throw new InvalidArgumentException(
          "standard output is a terminal: name a FILE, or send it to a pipe or a file");
    }
    try (LayerStore archive =
        TransferPlaces.of(root).writeArchive(root.console().bytes(), "standard output")) {
      return root.printAside(export(disks, archive));
    }
  }

  private TransferDocuments.Export export(BaseDisks disks, LayerStore archive) {
    try (TidyStop stop = new TidyStop();
        ProgressLine progress = root.progress("export")) {
      Exported exported = disks.transfers().exportBox(source.request(), archive, progress);
      return new TransferDocuments.Export(exported, exported.manifest().toString());
    }
  }
}
