package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.app.BaseDisks;
import io.basedisk.cli.render.BaseDocuments;
import io.basedisk.cli.render.CollectionDocuments;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.lineage.BaseDetails;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import java.nio.file.Path;
import java.util.List;

/** {@code basedisk base} and its commands. */
final class BaseCommand {

  private BaseCommand() {}

  static BaseDetails require(BaseDisks disks, BaseDiskId id) {
    return disks.bases().find(id).orElseThrow(() -> new NotFoundException("no base " + id));
  }

  static final class Create extends Command {

    // Before the parameter, so that both are told to be missing.
    private final Argument<BaseDiskKind> kind =
        takes.requiredOption(
            "--kind",
            "KIND",
            BaseDiskKind::ofLabel,
            "snapshot: stays until it is removed. clone_base: goes when nothing needs it. rootfs:"
                + " belongs to no box, and stays until it is removed.");

    private final Argument<BoxId> box = takes.parameter("BOX", BoxId::of, "The box.");

    private final Argument<SnapshotName> name =
        takes.option(
            "--name",
            "NAME",
            SnapshotName::new,
            "Its name, new in the box. Of a rootfs it is the key, new in the home, and its id"
                + " unless it is given.");

    private final Argument<Path> disksDir =
        takes.option("--disks-dir", "DIR", Path::of, "The directory of the box's disks.");

    private final Argument<List<Path>> allowed =
        takes.repeatableOption(
            "--allow-backing",
            "PATH",
            Path::of,
            "Record this image outside the home as a foreign base if the disk, or an image below it,"
                + " names it; may be repeated. A foreign base is never changed or deleted.");

    private final DropInternal dropInternal = new DropInternal(takes);

    Create(RootCommand root) {
      super(
          root,
          "Makes a box's disk an immutable base with an empty overlay in its place, and prints the"
              + " base.",
          "With --disks-dir, a box that is not registered is registered first: it owns the disk.qcow2"
              + " in that directory. Stop the box's VM first. The home is made if there is none.");
      examples(
          "  basedisk base create web-1 --kind clone_base",
          "  basedisk base create vm7 --kind snapshot --name clean --disks-dir /srv/vms/vm7",
          "  basedisk base create vm7 --kind clone_base --disks-dir /srv/vms/vm7 \\",
          "      --allow-backing /srv/images/debian.raw");
    }

    @Override
    public Integer call() {
      return root.runMakingHome(disks -> new BaseDocuments.One(require(disks, create(disks).id())));
    }

    private BaseDisk create(BaseDisks disks) {
      InternalSnapshots internals = dropInternal.internals();
      ImmutableSet<Path> foreign =
          allowed.or(ImmutableList.of()).stream()
              .map(Path::toAbsolutePath)
              .collect(ImmutableSet.toImmutableSet());
      return disksDir.isGiven()
          ? disks
              .bases()
              .create(box.get(), disksDir.get(), kind.get(), name.orNull(), internals, foreign)
          : disks.bases().create(box.get(), kind.get(), name.orNull(), internals, foreign);
    }
  }

  static final class Ls extends Command {

    private final Argument<BoxId> box =
        takes.option("--box", "BOX", BoxId::of, "Only those that were forked from this box.");

    private final Argument<BaseDiskKind> kind =
        takes.option(
            "--kind",
            "KIND",
            BaseDiskKind::ofLabel,
            "Only those of this kind: snapshot, clone_base or rootfs.");

    Ls(RootCommand root) {
      super(root, "Lists the bases, newest first.");
    }

    @Override
    public Integer call() {
      BaseFilter filter = new BaseFilter(box.orNull(), kind.orNull());
      return root.run(disks -> new BaseDocuments.Many(disks.bases().list(filter), "no bases"));
    }
  }

  static final class Show extends Command {

    private final Argument<BaseDiskId> id = takes.parameter("ID", BaseDiskId::new, "Its id.");

    Show(RootCommand root) {
      super(root, "Prints a base and what stands on it.");
    }

    @Override
    public Integer call() {
      return root.run(disks -> new BaseDocuments.One(require(disks, id.get())));
    }
  }

  static final class Rm extends Command {

    private final Argument<BaseDiskId> id = takes.parameter("ID", BaseDiskId::new, "Its id.");

    Rm(RootCommand root) {
      super(
          root,
          "Removes a base of any kind that nothing needs, and collects what that frees.",
          "It is refused while a box or another base stands on it.");
    }

    @Override
    public Integer call() {
      return root.run(
          disks ->
              new CollectionDocuments.Removal(id.get().value(), disks.bases().remove(id.get())));
    }
  }
}
