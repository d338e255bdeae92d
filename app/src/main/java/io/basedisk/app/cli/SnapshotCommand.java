package io.basedisk.app.cli;

import io.basedisk.app.cli.render.BaseDocuments;
import io.basedisk.app.cli.render.SnapshotDocuments;
import io.basedisk.domain.Internals;
import io.basedisk.domain.Snapshots;
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
            + " removed.")
@SuppressWarnings("NullAway.Init") // picocli sets every field that it requires.
final class SnapshotCommand {

  @Command(
      name = "create",
      description = {
        "Takes a snapshot of a box's disk, and prints the base that it is.",
        "The disk becomes an immutable base and an empty overlay of it takes its place: nothing is"
            + " copied, and the disk reads as before. The box's VM must be stopped meanwhile.",
        "With --mode copy the disk is copied instead, and its VM may keep it open if you have it"
            + " pause and flush: QMP 'stop' before, 'cont' after. The snapshot is crash-consistent:"
            + " it is what the disk would be after a power cut at that moment. Where the file system"
            + " can share blocks (XFS, btrfs) that is done at once; elsewhere all that the disk itself"
            + " holds is copied, holes left out, which takes time and space."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  basedisk snapshot create web-1 before-upgrade",
        "  basedisk snapshot create web-1 nightly --mode copy"
      })
  static final class Create implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "BOX", description = "The box.")
    private BoxId box;

    @Parameters(paramLabel = "NAME", description = "The snapshot's name, new in this box.")
    private SnapshotName name;

    @Option(
        names = "--mode",
        paramLabel = "MODE",
        defaultValue = "fork",
        description =
            "'fork', which needs the VM to be stopped, or 'copy', which needs it to pause; refused if"
                + " the disk is written to meanwhile. Default: ${DEFAULT-VALUE}.")
    private Snapshots.Mode mode = Snapshots.Mode.FORK;

    @Option(
        names = "--drop-internal",
        description =
            "Leave snapshots and bitmaps that are inside the disk's image in the base, where nothing"
                + " uses them: a disk that is forked, restored or cloned has none. Otherwise a disk"
                + " that has any is refused.")
    private boolean dropInternal;

    Create(RootCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      return root.run(
          disks -> {
            BaseDisk snapshot =
                disks
                    .snapshots()
                    .create(
                        box, name, mode, dropInternal ? Internals.LEAVE_IN_BASE : Internals.REFUSE);
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
