package io.basedisk.app.cli;

import io.basedisk.app.cli.render.BaseDocuments;
import io.basedisk.app.cli.render.SnapshotDocuments;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code basedisk snapshot} and its commands. */
@Command(
    name = "snapshot",
    description =
        "Takes, lists, restores and removes snapshots: named states of a box's disk that stay until"
            + " removed.",
    subcommands = {
      SnapshotCommand.Create.class,
      SnapshotCommand.Ls.class,
      SnapshotCommand.Restore.class,
      SnapshotCommand.Rm.class
    })
@SuppressWarnings("NullAway.Init") // picocli sets every field that it requires.
final class SnapshotCommand {

  @Command(
      name = "create",
      description = {
        "Takes a snapshot of a box's disk, and prints the base that it is.",
        "The disk becomes an immutable base and an empty overlay of it takes its place: nothing is"
            + " copied, and the disk reads as before. The box's VM must be stopped meanwhile."
      },
      footerHeading = "%nExample:%n",
      footer = "  basedisk snapshot create web-1 before-upgrade")
  static final class Create implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "BOX", description = "The box.")
    private BoxId box;

    @Parameters(paramLabel = "NAME", description = "The snapshot's name, new in this box.")
    private SnapshotName name;

    Create(RootCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      return root.run(
          disks -> {
            BaseDisk snapshot = disks.snapshots().create(box, name);
            return new BaseDocuments.One(BaseCommand.require(disks, snapshot.id()));
          });
    }
  }

  @Command(name = "ls", description = "Lists the snapshots of a box, newest first.")
  static final class Ls implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "BOX", description = "The box.")
    private BoxId box;

    Ls(RootCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      return root.run(
          disks -> new BaseDocuments.Many(disks.snapshots().list(box), "no snapshots of " + box));
    }
  }

  @Command(
      name = "restore",
      description = {
        "Puts a box's disk back to what it was when a snapshot was taken, and prints the box.",
        "What was written since is lost, unless --save-as keeps it, and the bases that only it"
            + " needed are collected. All snapshots stay, so that any of them can be restored next."
            + " A guest-rootfs disk of the box is dropped. The box's VM must be stopped meanwhile."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  basedisk snapshot restore web-1 before-upgrade",
        "  basedisk snapshot restore web-1 before-upgrade --save-as failed-upgrade"
      })
  static final class Restore implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "BOX", description = "The box.")
    private BoxId box;

    @Parameters(paramLabel = "NAME", description = "The snapshot.")
    private SnapshotName name;

    @Option(
        names = "--save-as",
        paramLabel = "NAME",
        description = "First take a snapshot of this name, new in this box, of the disk as it is.")
    private @Nullable SnapshotName saveAs;

    Restore(RootCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      return root.run(
          disks -> new SnapshotDocuments.Restore(disks.snapshots().restore(box, name, saveAs)));
    }
  }

  @Command(
      name = "rm",
      description = {
        "Removes a snapshot, and collects the bases that nothing needs then.",
        "Its name is free at once. Where clones, other snapshots or the box's own disk need its"
            + " content, that stays as a clone base until the last of them is gone."
      },
      footerHeading = "%nExample:%n",
      footer = "  basedisk snapshot rm web-1 before-upgrade")
  static final class Rm implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "BOX", description = "The box.")
    private BoxId box;

    @Parameters(paramLabel = "NAME", description = "The snapshot.")
    private SnapshotName name;

    Rm(RootCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      return root.run(
          disks -> new SnapshotDocuments.Removal(name, disks.snapshots().remove(box, name)));
    }
  }
}
