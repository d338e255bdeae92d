package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.cli.render.BaseDocuments;
import io.basedisk.cli.render.SnapshotDocuments;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.snapshot.Snapshots;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** {@code basedisk snapshot} and its commands. */
final class SnapshotCommand {

  private SnapshotCommand() {}

  static final class Create extends Command {

    private final SnapshotArgument snapshot =
        new SnapshotArgument(takes, "A name that is new in this box.");

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
      synopsis(
          "basedisk snapshot create [OPTIONS] BOX NAME",
          "       basedisk snapshot create [OPTIONS] BOX@NAME");
      examples(
          "  basedisk snapshot create web-1 before-upgrade",
          "  basedisk snapshot create web-1 nightly --mode copy");
    }

    @Override
    public Integer call() {
      return root.run(
          disks -> {
            BaseDisk base =
                disks
                    .snapshots()
                    .create(
                        snapshot.box(),
                        snapshot.name(),
                        mode.or(Snapshots.Mode.FORK),
                        dropInternal.internals());
            return new BaseDocuments.One(BaseCommand.require(disks, base.id()));
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

    private final SnapshotArgument snapshot = new SnapshotArgument(takes, "The snapshot.");

    private final Argument<SnapshotName> saveAs =
        takes.option(
            "--save-as",
            "NAME",
            SnapshotName::new,
            "First take a snapshot of the present disk, with this name, which is new in this box.");

    private final Confirmation confirmation = new Confirmation(root, takes);

    Restore(RootCommand root) {
      super(
          root,
          "Restores a box's disk to a snapshot, and prints the box.",
          "Stop the box's VM first. Data written since the snapshot is lost, unless --save-as keeps"
              + " it; bases that become unused are collected. All snapshots stay, so you can"
              + " restore any of them later. The box's guest-rootfs disk is removed.");
      synopsis(
          "basedisk snapshot restore [OPTIONS] BOX NAME",
          "       basedisk snapshot restore [OPTIONS] BOX@NAME");
      examples(
          "  basedisk snapshot restore web-1@before-upgrade",
          "  basedisk snapshot restore web-1 before-upgrade --save-as failed-upgrade");
    }

    @Override
    public Integer call() {
      return root.run(
          disks -> {
            confirmation.requireIf(
                () ->
                    !saveAs.isGiven()
                        && Questions.hasSnapshot(disks, snapshot.box(), snapshot.name()),
                () -> Questions.restore(snapshot.box(), snapshot.name()));
            return new SnapshotDocuments.Restore(
                disks.snapshots().restore(snapshot.box(), snapshot.name(), saveAs.orNull()));
          });
    }
  }

  static final class Rm extends Command {

    private final Argument<BoxAtSnapshot> box =
        takes.parameter("BOX", BoxAtSnapshot::parse, "The box.");

    private final Argument<List<String>> names =
        takes.furtherParameters("NAME", Function.identity(), "The snapshots.");

    private final Confirmation confirmation = new Confirmation(root, takes);

    Rm(RootCommand root) {
      super(
          root,
          "Removes snapshots of a box, and collects the bases that become unused.",
          "The names are free at once. As long as clones, other snapshots or the box's own disk"
              + " need the content of a snapshot, it stays as a clone base.",
          "Several snapshots are all checked first, then removed one by one. If a removal fails,"
              + " the command prints the snapshots that are removed by then, and the error.",
          "",
          "--json: removed, id, demoted, held_by, collected, freed_bytes. Of several snapshots,"
              + " removed is a list of objects with the first four, and the other two are sums.");
      synopsis(
          "basedisk snapshot rm [OPTIONS] BOX NAME...",
          "       basedisk snapshot rm [OPTIONS] BOX@NAME...");
      examples(
          "  basedisk snapshot rm web-1 before-upgrade",
          "  basedisk snapshot rm web-1@before-upgrade web-1@nightly");
    }

    @Override
    public Integer call() {
      ImmutableList<SnapshotName> named = names();
      BoxId of = box.get().box();
      boolean isList = named.size() > 1;
      return root.run(
          disks -> {
            if (isList || confirmation.isAsked()) {
              disks.snapshots().checkRemoval(of, named);
            }
            confirmation.require(() -> Questions.removeSnapshots(of, named));
            return Batch.<SnapshotName, SnapshotDocuments.Removal>run(
                root,
                named,
                name -> new SnapshotDocuments.Removal(name, disks.snapshots().remove(of, name)),
                done -> SnapshotDocuments.Removals.of(done, isList));
          });
    }

    private ImmutableList<SnapshotName> names() {
      SnapshotName first = box.get().snapshot();
      ImmutableSet.Builder<SnapshotName> all = ImmutableSet.builder();
      if (first == null) {
        names.or(ImmutableList.of()).forEach(name -> all.add(new SnapshotName(name)));
      } else {
        all.add(first);
        names.or(ImmutableList.of()).forEach(name -> all.add(ofSameBox(name)));
      }
      ImmutableList<SnapshotName> found = all.build().asList();
      if (found.isEmpty()) {
        throw new InvalidArgumentException("name a snapshot: BOX NAME or BOX@NAME");
      }
      return found;
    }

    /** A name may contain @ too, so either all snapshots are named with the box or none is. */
    private SnapshotName ofSameBox(String text) {
      Optional<SnapshotName> name =
          text.contains("@")
              ? Optional.of(BoxAtSnapshot.parse(text))
                  .filter(other -> other.box().equals(box.get().box()))
                  .map(BoxAtSnapshot::snapshot)
              : Optional.empty();
      return name.orElseThrow(
          () ->
              new InvalidArgumentException(
                  "invalid snapshot \""
                      + text
                      + "\": expected "
                      + box.get().box()
                      + "@NAME, like the first one"));
    }
  }

  static final class Rename extends Command {

    private final Argument<BoxAtSnapshot> box =
        takes.parameter("BOX", BoxAtSnapshot::parse, "The box.");

    private final Argument<List<SnapshotName>> names =
        takes.furtherParameters("NAME", SnapshotName::new, "The snapshot, then its new name.");

    Rename(RootCommand root) {
      super(
          root,
          "Renames a snapshot, and prints the base that holds it.",
          "Only its record changes. If the database is lost, 'doctor --rebuild' finds the name that"
              + " the snapshot was taken with.");
      synopsis(
          "basedisk snapshot rename [OPTIONS] BOX NAME NEW",
          "       basedisk snapshot rename [OPTIONS] BOX@NAME NEW");
      examples("  basedisk snapshot rename web-1 nightly monday");
    }

    @Override
    public Integer call() {
      ImmutableList<SnapshotName> all =
          Stream.concat(
                  Stream.ofNullable(box.get().snapshot()), names.or(ImmutableList.of()).stream())
              .collect(ImmutableList.toImmutableList());
      if (all.size() != 2) {
        throw new InvalidArgumentException(
            "give a snapshot and its new name: BOX NAME NEW or BOX@NAME NEW");
      }
      return root.run(
          disks -> {
            BaseDisk base = disks.snapshots().rename(box.get().box(), all.get(0), all.get(1));
            return new BaseDocuments.One(BaseCommand.require(disks, base.id()));
          });
    }
  }
}
