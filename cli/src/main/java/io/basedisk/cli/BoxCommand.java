package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.app.BaseDisks;
import io.basedisk.cli.render.BoxDocuments;
import io.basedisk.cli.render.CollectionDocuments;
import io.basedisk.cli.render.CollectionDocuments.Removal;
import io.basedisk.cli.render.CompactionDocuments;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.box.Boxes.ForeignDisks;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.compact.Compactions.Outcome;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.image.SizeChange;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.FileOwner;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.model.RootfsKey;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** {@code basedisk box} and its commands. */
final class BoxCommand {

  private BoxCommand() {}

  static final class Create extends Command {

    private final Argument<BoxId> box =
        takes.parameter("BOX", BoxId::of, "The name of the new box.");

    private final Argument<ByteSize> size =
        takes.option(
            "--size",
            "SIZE",
            ByteSize::parse,
            "The virtual size of the disk, such as 512M or 10G; rounded up to a multiple of 512"
                + " bytes. Default: the size of the image, rootfs or base, which is also the"
                + " least.");

    private final Argument<Path> image =
        takes.option("--image", "FILE", Path::of, "Copy the content of this image.");

    private final ImportedImage importing = new ImportedImage(takes);

    private final Argument<RootfsKey> rootfs =
        takes.option(
            "--rootfs",
            "KEY",
            RootfsKey::new,
            "Create an overlay of this entry of the rootfs cache. This counts as a use of the"
                + " entry.");

    private final Argument<BaseDiskId> base =
        takes.option(
            "--base", "ID", BaseDiskId::new, "Create an overlay of this base, of any kind.");

    private final Argument<FileOwner> owner =
        takes.option(
            "--owner",
            "USER[:GROUP]",
            Owners::parse,
            "With --rootfs or --base: the owner of the disk, by name or by number. Default: the"
                + " user who runs the command.");

    Create(RootCommand root) {
      super(
          root,
          "Creates a box and prints it. The disk is empty, or has the content of an image, a rootfs"
              + " or a base. If there is no home, the command creates it.",
          "With --image, the content of the image and of its allowed backing files is copied, and"
              + " the disk needs none of them. No process may write to them during the copy. If the"
              + " file system can't say whether one does, the image is refused; see --unknown-use.",
          "With --rootfs or --base, the disk is an overlay.");
      examples(
          "  basedisk box create web-1 --size 10G",
          "  basedisk box create web-1 --image debian.qcow2 --size 20G",
          "  basedisk box create web-1 --image disk.img --format raw",
          "  basedisk box create web-1 --rootfs debian-12",
          "  basedisk box create web-1 --base zb3Y9qLM",
          "  basedisk box create web-1 --base zb3Y9qLM --owner libvirt-qemu:kvm");
    }

    @Override
    public Integer call() {
      long origins = Stream.of(image, rootfs, base).filter(Argument::isGiven).count();
      if (origins > 1) {
        throw new InvalidArgumentException("give one of --image, --rootfs and --base");
      }
      if (origins == 0 && !size.isGiven()) {
        throw new InvalidArgumentException("give --size, --image, --rootfs or --base");
      }
      if (!image.isGiven()) {
        importing.requireUnused("--image");
      }
      if (owner.isGiven() && !rootfs.isGiven() && !base.isGiven()) {
        throw new InvalidArgumentException("--owner requires --rootfs or --base");
      }
      return root.runMakingHome(disks -> new BoxDocuments.One(create(disks)));
    }

    private BoxDetails create(BaseDisks disks) {
      BoxId name = box.get();
      ByteSize atLeast = size.orNull();
      if (image.isGiven()) {
        return importing.take(
            root,
            image.get(),
            (source, progress) -> disks.boxes().createFromImage(name, source, atLeast, progress));
      } else if (rootfs.isGiven()) {
        return disks.rootfs().createBox(name, rootfs.get(), atLeast, owner.orNull());
      } else if (base.isGiven()) {
        return disks.boxes().createOnBase(name, base.get(), atLeast, owner.orNull());
      }
      return disks.boxes().create(name, size.get());
    }
  }

  static final class Ls extends Command {

    Ls(RootCommand root) {
      super(root, "Lists the boxes, newest first.");
    }

    @Override
    public Integer call() {
      return root.run(disks -> new BoxDocuments.Many(disks.boxes().list()));
    }
  }

  static final class Show extends Command {

    private final Argument<BoxId> box = takes.parameter("BOX", BoxId::of, "The box.");

    Show(RootCommand root) {
      super(root, "Prints a box: its disk, the depth of its backing chain, and its base.");
    }

    @Override
    public Integer call() {
      return root.run(disks -> new BoxDocuments.One(disks.boxes().get(box.get())));
    }
  }

  static final class Rm extends Command {

    private final Argument<List<BoxId>> boxes = takes.parameters("BOX", BoxId::of, "The boxes.");

    private final Argument<Boolean> withSnapshots =
        takes.flag(
            "--with-snapshots",
            "Remove its snapshots too. Their content stays as long as a clone needs it.");

    private final Argument<Boolean> deleteDisks =
        takes.flag(
            "--delete-disks",
            "Also remove a box with disks that were there before basedisk, and delete them.");

    private final Confirmation confirmation = new Confirmation(root, takes);

    Rm(RootCommand root) {
      super(
          root,
          "Removes boxes with their disks, and collects the bases that become unused.",
          "A base that another box needs, directly or through other bases, stays. A box with"
              + " snapshots is refused without --with-snapshots. A box that 'base create"
              + " --disks-dir' registered is refused without --delete-disks; 'box forget'"
              + " unregisters it and leaves its disks.",
          "Several boxes are all checked first, then removed one by one. If a removal fails, the"
              + " command prints the boxes that are removed by then, and the error.",
          "",
          "--json: removed (the box; of several boxes, the list of them), collected, freed_bytes.");
      examples(
          "  basedisk box rm web-1",
          "  basedisk box rm web-1 web-2 web-3",
          "  basedisk box rm web-1 --with-snapshots");
    }

    @Override
    public Integer call() {
      SnapshotsOnRemoval snapshots =
          withSnapshots.or(false) ? SnapshotsOnRemoval.REMOVE : SnapshotsOnRemoval.REFUSE;
      ForeignDisks foreign = deleteDisks.or(false) ? ForeignDisks.DELETE : ForeignDisks.REFUSE;
      ImmutableList<BoxId> names = ImmutableSet.copyOf(boxes.get()).asList();
      boolean isList = names.size() > 1;
      return root.run(
          disks -> {
            if (isList || confirmation.isAsked()) {
              disks.boxes().checkRemoval(names, snapshots, foreign);
            }
            confirmation.require(() -> Questions.removeBoxes(disks, names));
            return Batch.<BoxId, Removal>run(
                root,
                names,
                box -> new Removal(box.value(), disks.boxes().remove(box, snapshots, foreign)),
                done -> CollectionDocuments.Removals.of(done, isList));
          });
    }
  }

  static final class Rename extends Command {

    private final Argument<BoxId> box = takes.parameter("BOX", BoxId::of, "The box.");

    private final Argument<BoxId> newName =
        takes.parameter("NEW", BoxId::of, "A name that no box has.");

    Rename(RootCommand root) {
      super(
          root,
          "Renames a box, and prints it. Its snapshots follow.",
          "Only records change, so its VM may run. The directory of its disks keeps its name. A new"
              + " box of the old name gets a directory with a number, such as boxes/web-1~2. If the"
              + " database is lost, 'doctor --rebuild' names the box after its directory.");
      examples("  basedisk box rename web-1 api-1");
    }

    @Override
    public Integer call() {
      return root.run(
          disks -> new BoxDocuments.One(disks.boxes().rename(box.get(), newName.get())));
    }
  }

  static final class DiskPath extends Command {

    private final Argument<BoxId> box = takes.parameter("BOX", BoxId::of, "The box.");

    DiskPath(RootCommand root) {
      super(root, "Prints the path of a box's disk, and nothing else. The disk is not read.");
      examples("  qemu-system-x86_64 -drive file=$(basedisk box path web-1)");
    }

    @Override
    public Integer call() {
      return root.run(disks -> new BoxDocuments.DiskPath(disks.boxes().getRecord(box.get())));
    }
  }

  static final class Forget extends Command {

    private final Argument<BoxId> box = takes.parameter("BOX", BoxId::of, "The box.");

    private final Argument<Boolean> dropSnapshots =
        takes.flag(
            "--drop-snapshots",
            "Remove its snapshots. Their content stays as long as a disk or a base needs it.");

    private final Confirmation confirmation = new Confirmation(root, takes);

    Forget(RootCommand root) {
      super(
          root,
          "Unregisters a box and leaves its disks where they are.",
          "Its VM may run. A hold keeps the bases that its disks need, until 'base rm', 'gc"
              + " --release-holds', or until the box is registered again with 'base create"
              + " --disks-dir'. A box with snapshots is refused without --drop-snapshots.",
          "The directory of a box in the home becomes an orphan. 'gc --discard-orphans' keeps it as"
              + " long as a hold names its disk. A disk without a base has no hold: move it out of"
              + " the home.");
      examples("  basedisk box forget vm7");
    }

    @Override
    public Integer call() {
      SnapshotsOnRemoval snapshots =
          dropSnapshots.or(false) ? SnapshotsOnRemoval.REMOVE : SnapshotsOnRemoval.REFUSE;
      return root.run(
          disks -> {
            if (snapshots == SnapshotsOnRemoval.REMOVE) {
              confirmation.requireIf(
                  () -> !disks.snapshots().list(box.get()).isEmpty(),
                  () -> Questions.forgetBox(disks, box.get()));
            }
            return new BoxDocuments.Forgotten(disks.boxes().forget(box.get(), snapshots));
          });
    }
  }

  static final class Resize extends Command {

    private final Argument<BoxId> box = takes.parameter("BOX", BoxId::of, "The box.");

    private final Argument<SizeChange> size =
        takes.parameter(
            "SIZE",
            SizeChange::parse,
            "The new size, such as 20G, or +5G for 5 GiB more; rounded up to a multiple of 512"
                + " bytes.");

    Resize(RootCommand root) {
      super(
          root,
          "Grows the container disk of a box, and prints the box. The new part reads as zeros; the"
              + " guest then grows its partition and file system.",
          "Stop the box's VM first. Snapshots keep their sizes, and a restore gives the disk the"
              + " size of its snapshot. A disk never shrinks, because that would cut off what the"
              + " guest has there.");
      examples("  basedisk box resize web-1 20G", "  basedisk box resize web-1 +5G");
    }

    @Override
    public Integer call() {
      return root.run(disks -> new BoxDocuments.One(disks.boxes().resize(box.get(), size.get())));
    }
  }

  static final class Compact extends Command {

    private final Argument<BoxId> box = takes.parameter("BOX", BoxId::of, "The box.");

    private final Argument<MaxDepth> maxDepth =
        takes.option(
            "--max-depth",
            "N",
            MaxDepth::parse,
            "The largest depth of the backing chain below the disk, 1 or more. The result is often"
                + " shorter. Default: 32.");

    private final Argument<Boolean> dryRun =
        takes.flag("--dry-run", "Change nothing; print the cost and the savings.");

    Compact(RootCommand root) {
      super(
          root,
          "Shortens the backing chain of a box's container disk to --max-depth: merges its upper"
              + " layers into one with the same content, and collects the bases that become"
              + " unused.",
          "Stop the box's VM first. A guest-rootfs disk stays as it is. No base and no other box"
              + " changes. The command first merges layers that only this disk needs, whose space"
              + " is freed. If that is not enough, it copies as few layers as possible that others"
              + " need, and these stay; --dry-run prints the cost. The lowest base of the chain is"
              + " never copied.",
          "",
          "--json: the box as in 'box show', depth_before, depth_after, kept_base (the base below"
              + " the disk afterwards), merged (the ids of the bases that were merged into the"
              + " disk), written_bytes (of the new file; in a dry run an upper bound),"
              + " replaced_bytes (of the old file), collected, freed_bytes, and left (the reason,"
              + " if there is nothing to merge).");
      examples(
          "  basedisk box compact web-1 --dry-run        the cost and the savings",
          "  basedisk box compact web-1 --max-depth 8");
    }

    @Override
    public Integer call() {
      try (TidyStop stop = new TidyStop()) {
        return root.run(disks -> new CompactionDocuments.One(outcome(disks), dryRun.or(false)));
      }
    }

    private Outcome outcome(BaseDisks disks) {
      MaxDepth limit = maxDepth.or(MaxDepth.DEFAULT);
      if (dryRun.or(false)) {
        return disks.compactions().plan(box.get(), limit);
      }
      try (ProgressLine progress = root.progress("compact")) {
        return disks.compactions().compact(box.get(), limit, progress);
      }
    }
  }
}
