package io.basedisk.cli;

import io.basedisk.cli.render.BaseDocuments;
import io.basedisk.cli.render.CollectionDocuments;
import io.basedisk.cli.render.RootfsDocuments;
import io.basedisk.domain.model.SnapshotName;
import java.nio.file.Path;

/** {@code basedisk rootfs} and its commands. */
final class RootfsCommand {

  private RootfsCommand() {}

  static final class Add extends Command {

    private final Argument<SnapshotName> key =
        takes.parameter("KEY", SnapshotName::new, "What it is found by; as a snapshot's name.");

    private final Argument<Path> file = takes.parameter("FILE", Path::of, "The image.");

    private final ImportedImage importing = new ImportedImage(takes);

    Add(RootCommand root) {
      super(
          root,
          "Copies what an image contains into the cache, and prints the base that it is. The home is"
              + " made if there is none.",
          "The base needs neither the image nor its backing files, of which only those are opened that"
              + " are allowed. Nobody may write to them meanwhile.",
          "Where the key has an entry with the same content, whatever the image's format, that is used"
              + " and printed. One with another content loses its key to the new one, and goes when no"
              + " box and no base needs it any more; 'base ls --kind rootfs' shows it until then.");
      examples(
          "  basedisk rootfs add debian-12 debian-12.qcow2",
          "  basedisk rootfs add debian-12 disk.img --format raw");
    }

    @Override
    public Integer call() {
      return root.runMakingHome(
          disks ->
              importing.take(
                  root,
                  file.get(),
                  (source, progress) ->
                      new BaseDocuments.One(
                          disks.rootfs().add(key.get(), source, progress).details())));
    }
  }

  static final class Ls extends Command {

    Ls(RootCommand root) {
      super(
          root,
          "Lists the entries of the cache, newest first, with the digest of their content and when"
              + " they were last used.");
    }

    @Override
    public Integer call() {
      return root.run(disks -> new RootfsDocuments.Entries(disks.rootfs().list()));
    }
  }

  static final class Rm extends Command {

    private final Argument<SnapshotName> key =
        takes.parameter("KEY", SnapshotName::new, "Its key.");

    Rm(RootCommand root) {
      super(
          root,
          "Removes an entry that nothing needs, and collects what that frees.",
          "It is refused while a box or another base stands on it. To let its key have other content"
              + " all the same, add that.");
      examples("  basedisk rootfs rm debian-12");
    }

    @Override
    public Integer call() {
      return root.run(
          disks ->
              new CollectionDocuments.Removal(key.get().value(), disks.rootfs().remove(key.get())));
    }
  }

  static final class Prune extends Command {

    private final Argument<Long> maxBytes =
        takes.requiredOption(
            "--max-bytes",
            "SIZE",
            Numbers::bytes,
            "The bytes that the files may occupy; 0 for none.");

    Prune(RootCommand root) {
      super(
          root,
          "Removes entries that nothing needs, those first that were not used for the longest time,"
              + " until the files of all rootfs occupy no more than a budget.",
          "One that a box or another base needs, or that a process has open, stays, whatever the"
              + " budget.");
      examples(
          "  basedisk rootfs prune --max-bytes 20G",
          "  basedisk rootfs prune --max-bytes 0     everything that nothing needs");
    }

    @Override
    public Integer call() {
      return root.run(disks -> new RootfsDocuments.Prune(disks.rootfs().prune(maxBytes.get())));
    }
  }
}
