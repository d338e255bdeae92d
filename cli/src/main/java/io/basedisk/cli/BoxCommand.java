package io.basedisk.cli;

import io.basedisk.app.BaseDisks;
import io.basedisk.cli.render.BoxDocuments;
import io.basedisk.cli.render.CollectionDocuments;
import io.basedisk.cli.render.CompactionDocuments;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.compact.Compactions.Outcome;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.FileOwner;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.model.SnapshotName;
import java.nio.file.Path;
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
            "The size that its guest sees, such as 512M or 10G; rounded up to a multiple of 512"
                + " bytes. Otherwise that of the image, rootfs or base.");

    private final Argument<Path> image =
        takes.option("--image", "FILE", Path::of, "Copy what this image contains.");

    private final ImportedImage importing = new ImportedImage(takes);

    private final Argument<SnapshotName> rootfs =
        takes.option(
            "--rootfs",
            "KEY",
            SnapshotName::new,
            "Make an overlay of this entry of the rootfs cache, which counts as its use.");

    private final Argument<BaseDiskId> base =
        takes.option(
            "--base", "ID", BaseDiskId::new, "Make an overlay of this base, of whatever kind.");

    private final Argument<FileOwner> owner =
        takes.option(
            "--owner",
            "USER[:GROUP]",
            Owners::parse,
            "With --rootfs or --base: who gets the disk, by name or by number. Without it, the user"
                + " who runs this.");

    Create(RootCommand root) {
      super(
          root,
          "Creates a box in the home, and prints it. Its disk is empty and has a --size; or it has the"
              + " content of an image, of a rootfs or of a base. The home is made if there is none.",
          "The content of an image is copied, with that of the backing files that are allowed: the disk"
              + " needs none of them. Nobody may write to them meanwhile; where it can't be told whether"
              + " somebody does, the image is refused, unless --when-locks-cant-be-asked was decided. Of"
              + " a rootfs or a base, the disk is an overlay. It may be larger than that, and not"
              + " smaller.");
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
        throw new InvalidArgumentException("--owner goes with --rootfs or --base");
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
      super(root, "Prints a box: its disk, how long its backing chain is, and its base.");
    }

    @Override
    public Integer call() {
      return root.run(disks -> new BoxDocuments.One(disks.boxes().get(box.get())));
    }
  }

  static final class Rm extends Command {

    private final Argument<BoxId> box = takes.parameter("BOX", BoxId::of, "The box.");

    private final Argument<Boolean> withSnapshots =
        takes.flag(
            "--with-snapshots",
            "Remove its snapshots too: their names at once, their content when nothing needs it"
                + " any more.");

    Rm(RootCommand root) {
      super(
          root,
          "Removes a box with its disks, and collects the bases that nothing needs then.",
          "A base that another box needs, directly or through other bases, stays. A box that has"
              + " snapshots is not removed, unless they are to go too.");
      examples("  basedisk box rm web-1", "  basedisk box rm web-1 --with-snapshots");
    }

    @Override
    public Integer call() {
      SnapshotsOnRemoval snapshots =
          withSnapshots.or(false) ? SnapshotsOnRemoval.REMOVE : SnapshotsOnRemoval.REFUSE;
      return root.run(
          disks ->
              new CollectionDocuments.Removal(
                  box.get().value(), disks.boxes().remove(box.get(), snapshots)));
    }
  }

  static final class Compact extends Command {

    private final Argument<BoxId> box = takes.parameter("BOX", BoxId::of, "The box.");

    private final Argument<MaxDepth> maxDepth =
        takes.option(
            "--max-depth",
            "N",
            MaxDepth::parse,
            "How many layers the disk may have below it, 1 or more; 32 unless it is given. It will"
                + " often have less.");

    private final Argument<Boolean> dryRun =
        takes.flag("--dry-run", "Change nothing; print what it would cost and save.");

    Compact(RootCommand root) {
      super(
          root,
          "Shortens the backing chain of a box's container disk if it is deeper than --max-depth: its"
              + " upper layers become one with the same content, and the bases that nothing else"
              + " needs then are collected.",
          "No base is changed, nor any other box. Where it is enough, only layers that go are merged:"
              + " what is written of them is freed. Where it is not, as few layers as will do are"
              + " copied that others need, and these stay; --dry-run tells what that would cost. The"
              + " lowest base of the chain is never copied.",
          "The box's VM must be stopped meanwhile. A guest-rootfs disk is left as it is.",
          "",
          "--json: the box as 'box show' prints it, depth_before, depth_after, kept_base (the base that"
              + " the disk stands on then), merged (the ids of the bases whose content is in the disk"
              + " then), written_bytes (of the new file; at most, in a dry run), replaced_bytes (of the"
              + " old one), collected, freed_bytes; and left, with the reason, if nothing is to be"
              + " done.");
      examples(
          "  basedisk box compact web-1 --dry-run        what it would cost and save",
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
