package io.basedisk.app.cli;

import io.basedisk.app.cli.render.BoxDocuments;
import io.basedisk.app.cli.render.CollectionDocuments;
import io.basedisk.domain.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code basedisk box} and its commands. */
@Command(
    name = "box",
    description = "Creates, lists and removes boxes: VMs or sandboxes with a disk each.",
    subcommands = {
      BoxCommand.Create.class,
      BoxCommand.Ls.class,
      BoxCommand.Show.class,
      BoxCommand.Rm.class
    })
@SuppressWarnings("NullAway.Init") // picocli sets every field that it requires.
final class BoxCommand {

  @Command(
      name = "create",
      description = "Creates a box with an empty disk in the home, and prints it.",
      footerHeading = "%nExample:%n",
      footer = "  basedisk box create web-1 --size 10G")
  static final class Create implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "BOX", description = "The name of the new box.")
    private BoxId box;

    @Option(
        names = "--size",
        paramLabel = "SIZE",
        required = true,
        description =
            "The size that its guest sees, such as 512M or 10G; rounded up to a multiple of 512"
                + " bytes.")
    private ByteSize size;

    Create(RootCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      return root.run(disks -> new BoxDocuments.One(disks.boxes().create(box, size)));
    }
  }

  @Command(name = "ls", description = "Lists the boxes, newest first.")
  static final class Ls implements Callable<Integer> {

    private final RootCommand root;

    Ls(RootCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      return root.run(disks -> new BoxDocuments.Many(disks.boxes().list()));
    }
  }

  @Command(
      name = "show",
      description = "Prints a box: its disk, how long its backing chain is, and its base.")
  static final class Show implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "BOX", description = "The box.")
    private BoxId box;

    Show(RootCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      return root.run(disks -> new BoxDocuments.One(disks.boxes().get(box)));
    }
  }

  @Command(
      name = "rm",
      description = {
        "Removes a box with its disks, and collects the bases that nothing needs then.",
        "A base that another box needs, directly or through other bases, stays. A box that has"
            + " snapshots is not removed, unless they are to go too."
      },
      footerHeading = "%nExamples:%n",
      footer = {"  basedisk box rm web-1", "  basedisk box rm web-1 --with-snapshots"})
  static final class Rm implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "BOX", description = "The box.")
    private BoxId box;

    @Option(
        names = "--with-snapshots",
        description =
            "Remove its snapshots too: their names at once, their content when nothing needs it"
                + " any more.")
    private boolean withSnapshots;

    Rm(RootCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      SnapshotsOnRemoval snapshots =
          withSnapshots ? SnapshotsOnRemoval.REMOVE : SnapshotsOnRemoval.REFUSE;
      return root.run(
          disks ->
              new CollectionDocuments.Removal(box.value(), disks.boxes().remove(box, snapshots)));
    }
  }
}
