package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.cli.render.TransferDocuments;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.transfer.Transfers.Exported;
import io.basedisk.oci.archive.ArchiveTarget;
import io.basedisk.oci.boxlite.BoxliteWriter;
import java.nio.file.Path;
import java.time.Instant;

/** {@code basedisk export}. */
final class ExportCommand extends Command {

  private static final String STANDARD_OUTPUT = "standard output";

  private final ExportedBox source = new ExportedBox(takes);

  private final Argument<FileOrStream> file =
      takes.parameter(
          "FILE|-", FileOrStream::parse, "The new archive. '-' writes it to standard output.");

  private final Argument<Boolean> flat =
      takes.flag("--flat", "Write one qcow2 image without a backing file, not an archive.");

  private final Argument<ArchiveFormat> format =
      takes.option(
          "--format",
          "FORMAT",
          ArchiveFormat::ofLabel,
          "'boxlite' writes an archive of BoxLite, version 2, with one flat disk and no snapshots."
              + " Default: an archive for 'import'.");

  /** A format of archives that is not ours. */
  private enum ArchiveFormat {
    BOXLITE;

    static ArchiveFormat ofLabel(String label) {
      if (!label.equals("boxlite")) {
        throw new InvalidArgumentException(
            "unknown format \"" + label + "\": the only one is boxlite");
      }
      return BOXLITE;
    }
  }

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
        "With --flat, the file is one image, which needs no import. With --format boxlite, it is an"
            + " archive that BoxLite imports; the disk is flattened to a temporary file first.",
        "With '-', the result is printed to standard error, with --json too. With --quiet and"
            + " without --json, it is not printed.",
        TransferPlaces.TEMPORARY_FILES,
        "",
        "--json: layers, reference. The reference is the digest of the manifest; with --flat and"
            + " --format, there are no layers, and the reference is the file.");
    examples(
        "  basedisk export web-1 web-1.tar",
        "  basedisk export web-1@clean clean.tar",
        "  basedisk export web-1 web-1.qcow2 --flat",
        "  basedisk export web-1 - | ssh other basedisk import - web-1");
  }

  @Override
  public Integer call() {
    if (isFlat() && (format.isGiven() || file.get().isStream())) {
      throw new InvalidArgumentException(
          "--flat writes an image: it needs a FILE, and takes no --format");
    }
    return root.runWork(disks -> file.get().isStream() ? exportToPipe(disks) : exportToFile(disks));
  }

  private boolean isFlat() {
    return flat.or(false);
  }

  private int exportToFile(BaseDisks disks) {
    Path target = file.get().file();
    disks.managedFiles().requireNone(ImmutableList.of(target));
    if (isFlat()) {
      return root.print(exportFlat(disks, target));
    }
    if (format.isGiven()) {
      try (ArchiveTarget archive = ArchiveTarget.of(target)) {
        return root.print(exportBoxlite(disks, archive));
      }
    }
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
    if (format.isGiven()) {
      try (ArchiveTarget archive = ArchiveTarget.of(root.console().bytes(), STANDARD_OUTPUT)) {
        return root.printAside(exportBoxlite(disks, archive));
      }
    }
    try (LayerStore archive =
        TransferPlaces.of(root).writeArchive(root.console().bytes(), STANDARD_OUTPUT)) {
      return root.printAside(export(disks, archive));
    }
  }

  private TransferDocuments.Export exportFlat(BaseDisks disks, Path target) {
    try (TidyStop stop = new TidyStop();
        ProgressLine progress = root.progress("export")) {
      Path image =
          disks
              .transfers()
              .exportImage(source.request(), target, NewImageFormat.Qcow2.DEFAULT, progress)
              .file();
      return TransferDocuments.Export.ofImage(image.toString());
    }
  }

  private TransferDocuments.Export exportBoxlite(BaseDisks disks, ArchiveTarget archive) {
    try (TidyStop stop = new TidyStop();
        ProgressLine line = root.progress("export")) {
      return source.withImage(
          root,
          disks,
          line,
          (image, progress) -> {
            BoxliteWriter.Export export =
                new BoxliteWriter.Export(image, source.request().box(), "", Instant.now());
            BoxliteWriter.write(export, archive, progress);
            return TransferDocuments.Export.ofImage(archive.name());
          });
    }
  }

  private TransferDocuments.Export export(BaseDisks disks, LayerStore archive) {
    try (TidyStop stop = new TidyStop();
        ProgressLine progress = root.progress("export")) {
      Exported exported = disks.transfers().exportBox(source.request(), archive, progress);
      return new TransferDocuments.Export(exported.layers(), exported.manifest().toString());
    }
  }
}
