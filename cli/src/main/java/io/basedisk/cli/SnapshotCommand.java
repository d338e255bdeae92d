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
        takes.parameter("NAME", SnapshotName::new, "A name that is new in this box.");

    private final Argument<Snapshots.Mode> mode =
        takes.option(
            "--mode",
            "MODE",
            Snapshots.Mode::ofLabel,
            "'fork' needs a stopped VM. 'copy' needs a paused VM, and is refused if the disk"
                + " changes during the copy. Default: fork.");

    private final DropInternal dropInternal = new DropInternal(takes);

    Create(RootCommand root) {
      super(
          root,
          "Takes a snapshot of a box's disk, and prints the base that holds it.",
          "Stop the box's VM first. The disk becomes an immutable base, and an empty overlay of it"
              + " takes its place. Nothing is copied, and the disk reads as before.",
          "With --mode copy, the VM may keep the disk open. Pause it first with QMP 'stop', which"
              + " also flushes, and resume it afterwards with 'cont'. The snapshot is"
              + " crash-consistent: it reads like the disk after a power cut at that moment. If the"
              + " file system can share blocks (XFS, btrfs), the copy is instant. Otherwise the"
              + " disk's own data is copied, without holes, which takes time and space.");
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
            "First take a snapshot of the present disk, with this name, which is new in this box.");

    Restore(RootCommand root) {
      super(
          root,
          "Restores a box's disk to a snapshot, and prints the box.",
          "Stop the box's VM first. Data written since the snapshot is lost, unless --save-as keeps"
              + " it; bases that become unused are collected. All snapshots stay, so you can"
              + " restore any of them later. The box's guest-rootfs disk is removed.");
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
          "Removes a snapshot, and collects the bases that become unused.",
          "Its name is free at once. As long as clones, other snapshots or the box's own disk need"
              + " its content, the content stays as a clone base.");
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
