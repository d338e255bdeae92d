package io.basedisk.app.cli;

import io.basedisk.app.cli.render.BaseDocuments;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code basedisk snapshot} and its commands. */
@Command(
    name = "snapshot",
    description =
        "Takes and lists snapshots: named states of a box's disk that stay until removed.",
    subcommands = {SnapshotCommand.Create.class, SnapshotCommand.Ls.class})
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
}
