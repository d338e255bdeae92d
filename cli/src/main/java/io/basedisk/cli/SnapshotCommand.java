package io.basedisk.cli;

import io.basedisk.cli.render.BaseDocuments;
import io.basedisk.cli.render.SnapshotDocuments;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.snapshot.Snapshots;

/** {@code basedisk snapshot} and its commands. */
final class SnapshotCommand {

  private SnapshotCommand() {}

  static final class Create extends Command {

    private final Argument<BoxId> box = takes.parameter("BOX", BoxId::of, "The box.");

    private final Argument<SnapshotName> name =
        takes.parameter("NAME", SnapshotName::new, "The snapshot's name, new in this box.");

    private final Argument<Snapshots.Mode> mode =
        takes.option(
            "--mode",
            "MODE",
            Snapshots.Mode::ofLabel,
            "'fork', which needs the VM to be stopped, or 'copy', which needs it to pause; refused if"
                + " the disk is written to meanwhile. Default: fork.");

    private final DropInternal dropInternal = new DropInternal(takes);

    Create(RootCommand root) {
      super(
          root,
          "Takes a snapshot of a box's disk, and prints the base that it is.",
          "The disk becomes an immutable base and an empty overlay of it takes its place: nothing is"
              + " copied, and the disk reads as before. The box's VM must be stopped meanwhile.",
          "With --mode copy the disk is copied instead, and its VM may keep it open if you have it"
              + " pause and flush: QMP 'stop' before, 'cont' after. The snapshot is crash-consistent:"
              + " it is what the disk would be after a power cut at that moment. Where the file system"
              + " can share blocks (XFS, btrfs) that is done at once; elsewhere all that the disk itself"
              + " holds is copied, holes left out, which takes time and space.");
      examples(
          "  basedisk snapshot create web-1 before-upgrade",
          "  basedisk snapshot create web-1 nightly --mode copy");
    }

    @Override
    public Integer call() {
      return root.run(
          disks -> {
            BaseDisk snapshot =
                disks
                    .snapshots()
                    .create(
                        box.get(),
                        name.get(),
                        mode.or(Snapshots.Mode.FORK),
                        dropInternal.internals());
            return new BaseDocuments.One(BaseCommand.require(disks, snapshot.id()));
          });
    }
  }

  static final class Ls extends Command {

    private final Argument<BoxId> box = takes.parameter("BOX", BoxId::of, "The box.");

    Ls(RootCommand root) {
      super(root, "Lists the snapshots of a box, newest first.");
    }

    @Override
    public Integer call() {
      return root.run(
          disks ->
              new BaseDocuments.Many(
                  disks.snapshots().list(box.get()), "no snapshots of " + box.get()));
    }
  }

  static final class Restore extends Command {

    private final Argument<BoxId> box = takes.parameter("BOX", BoxId::of, "The box.");

    private final Argument<SnapshotName> name =
        takes.parameter("NAME", SnapshotName::new, "The snapshot.");

    private final Argument<SnapshotName> saveAs =
        takes.option(
            "--save-as",
            "NAME",
            SnapshotName::new,
            "First take a snapshot of this name, new in this box, of the disk as it is.");

    Restore(RootCommand root) {
      super(
          root,
          "Puts a box's disk back to what it was when a snapshot was taken, and prints the box.",
          "What was written since is lost, unless --save-as keeps it, and the bases that only it"
              + " needed are collected. All snapshots stay, so that any of them can be restored next."
              + " A guest-rootfs disk of the box is dropped. The box's VM must be stopped meanwhile.");
      examples(
          "  basedisk snapshot restore web-1 before-upgrade",
          "  basedisk snapshot restore web-1 before-upgrade --save-as failed-upgrade");
    }

    @Override
    public Integer call() {
      return root.run(
          disks ->
              new SnapshotDocuments.Restore(
                  disks.snapshots().restore(box.get(), name.get(), saveAs.orNull())));
    }
  }

  static final class Rm extends Command {

    private final Argument<BoxId> box = takes.parameter("BOX", BoxId::of, "The box.");

    private final Argument<SnapshotName> name =
        takes.parameter("NAME", SnapshotName::new, "The snapshot.");

    Rm(RootCommand root) {
      super(
          root,
          "Removes a snapshot, and collects the bases that nothing needs then.",
          "Its name is free at once. Where clones, other snapshots or the box's own disk need its"
              + " content, that stays as a clone base until the last of them is gone.");
      examples("  basedisk snapshot rm web-1 before-upgrade");
    }

    @Override
    public Integer call() {
      return root.run(
          disks ->
              new SnapshotDocuments.Removal(
                  name.get(), disks.snapshots().remove(box.get(), name.get())));
    }
  }
}
