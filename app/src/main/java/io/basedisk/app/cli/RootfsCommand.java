package io.basedisk.app.cli;

import io.basedisk.app.cli.render.BaseDocuments;
import io.basedisk.app.cli.render.CollectionDocuments;
import io.basedisk.app.cli.render.RootfsDocuments;
import io.basedisk.domain.model.SnapshotName;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code basedisk rootfs} and its commands. */
@Command(
    name = "rootfs",
    description = {
      "Adds, lists, removes and evicts shared root file systems: bases that belong to no box and are"
          + " found by a key.",
      "'box create BOX --rootfs KEY' makes a box on one."
    })
@SuppressWarnings("NullAway.Init") // picocli sets every field that it requires.
final class RootfsCommand {

  @Command(
      name = "add",
      description = {
        "Copies what an image contains into the cache, and prints the base that it is.",
        "The base needs neither the image nor its backing files, of which only those are opened that"
            + " are allowed. Nobody may write to them meanwhile.",
        "Where the key has an entry with the same content, whatever the image's format, that is used"
            + " and printed. One with another content loses its key to the new one, and goes when no"
            + " box and no base needs it any more; 'base ls --kind rootfs' shows it until then."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  basedisk rootfs add debian-12 debian-12.qcow2",
        "  basedisk rootfs add debian-12 disk.img --format raw"
      })
  static final class Add implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "KEY", description = "What it is found by; as a snapshot's name.")
    private SnapshotName key;

    @Parameters(paramLabel = "FILE", description = "The image.")
    private Path file;

    @Mixin private ImportedImage importing = new ImportedImage();

    Add(RootCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      return root.run(
          disks ->
              importing.take(
                  root,
                  file,
                  (source, progress) ->
                      new BaseDocuments.One(disks.rootfs().add(key, source, progress).details())));
    }
  }

  @Command(
      name = "ls",
      description =
          "Lists the entries of the cache, newest first, with the digest of their content and when"
              + " they were last used.")
  static final class Ls implements Callable<Integer> {

    private final RootCommand root;

    Ls(RootCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      return root.run(disks -> new RootfsDocuments.Entries(disks.rootfs().list()));
    }
  }

  @Command(
      name = "rm",
      description = {
        "Removes an entry that nothing needs, and collects what that frees.",
        "It is refused while a box or another base stands on it. To let its key have other content"
            + " all the same, add that."
      },
      footerHeading = "%nExample:%n",
      footer = "  basedisk rootfs rm debian-12")
  static final class Rm implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "KEY", description = "Its key.")
    private SnapshotName key;

    Rm(RootCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      return root.run(
          disks -> new CollectionDocuments.Removal(key.value(), disks.rootfs().remove(key)));
    }
  }

  @Command(
      name = "prune",
      description = {
        "Removes entries that nothing needs, those first that were not used for the longest time,"
            + " until the files of all rootfs occupy no more than a budget.",
        "One that a box or another base needs, or that a process has open, stays, whatever the"
            + " budget."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  basedisk rootfs prune --max-bytes 20G",
        "  basedisk rootfs prune --max-bytes 0     everything that nothing needs"
      })
  static final class Prune implements Callable<Integer> {

    private final RootCommand root;

    @Option(
        names = "--max-bytes",
        paramLabel = "SIZE",
        required = true,
        converter = ByteCount.class,
        description = "The bytes that the files may occupy; 0 for none.")
    private long maxBytes;

    Prune(RootCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      return root.run(disks -> new RootfsDocuments.Prune(disks.rootfs().prune(maxBytes)));
    }
  }
}
