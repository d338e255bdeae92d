package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.app.BaseDisks;
import io.basedisk.cli.render.BaseDocuments;
import io.basedisk.cli.render.CollectionDocuments;
import io.basedisk.cli.render.CollectionDocuments.Removal;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.lineage.BaseDetails;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.SnapshotName;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code basedisk base} and its commands. */
final class BaseCommand {

  private BaseCommand() {}

  static BaseDetails require(BaseDisks disks, BaseDiskId id) {
    return disks
        .bases()
        .find(id)
        .orElseThrow(() -> new NotFoundException("no base " + id, new Remedy.NameBase(id.value())));
  }

  static final class Create extends Command {

    // Before the parameter, so that an error names both if both are missing.
    private final Argument<BaseDiskKind> kind =
        takes.requiredOption(
            "--kind",
            "KIND",
            BaseDiskKind::ofLabel,
            "snapshot: stays until removed. clone_base: is collected when unused. rootfs: belongs"
                + " to no box, and stays until removed.");

    private final Argument<BoxId> box = takes.parameter("BOX", BoxId::of, "The box.");

    private final Argument<String> name =
        takes.option(
            "--name",
            "NAME",
            Function.identity(),
            "A name that is new in the box. For a rootfs: a key that is new in the home; default:"
                + " the id of the base.");

    private final Argument<Path> disksDir =
        takes.option("--disks-dir", "DIR", Path::of, "The directory of the box's disks.");

    private final Argument<List<Path>> allowed =
        takes.repeatableOption(
            "--allow-backing",
            "PATH",
            Path::of,
            "If the disk or an image below it names this image outside the home, record it as a"
                + " foreign base, which is never changed or deleted. May be repeated.");

    private final DropInternal dropInternal = new DropInternal(takes);

    Create(RootCommand root) {
      super(
          root,
          "Makes a box's disk an immutable base, puts an empty overlay in its place, and prints the"
              + " base.",
          "Stop the box's VM first. If the box is not registered, --disks-dir registers it as the"
              + " owner of disk.qcow2 in that directory. 'box rm' does not delete such a disk"
              + " without --delete-disks. If there is no home, the command creates"
              + " it.");
      examples(
          "  basedisk base create web-1 --kind clone_base",
          "  basedisk base create vm7 --kind snapshot --name clean --disks-dir /srv/vms/vm7",
          "  basedisk base create vm7 --kind clone_base --disks-dir /srv/vms/vm7 \\",
          "      --allow-backing /srv/images/debian.raw");
    }

    @Override
    public Integer call() {
      BaseName given = name.isGiven() ? nameOf(kind.get(), name.get()) : null;
      return root.runMakingHome(
          disks -> new BaseDocuments.One(require(disks, create(disks, given).id())));
    }

    private static BaseName nameOf(BaseDiskKind kind, String text) {
      return kind == BaseDiskKind.ROOTFS ? RootfsKey.of(text) : new SnapshotName(text);
    }

    private BaseDisk create(BaseDisks disks, @Nullable BaseName given) {
      InternalSnapshots internals = dropInternal.internals();
      ImmutableSet<Path> foreign =
          allowed.or(ImmutableList.of()).stream()
              .map(Path::toAbsolutePath)
              .collect(ImmutableSet.toImmutableSet());
      return disksDir.isGiven()
          ? disks.bases().create(box.get(), disksDir.get(), kind.get(), given, internals, foreign)
          : disks.bases().create(box.get(), kind.get(), given, internals, foreign);
    }
  }

  static final class Ls extends Command {

    private final Argument<BoxId> box =
        takes.option("--box", "BOX", BoxId::of, "Only bases that were forked from this box.");

    private final Argument<BaseDiskKind> kind =
        takes.option(
            "--kind",
            "KIND",
            BaseDiskKind::ofLabel,
            "Only bases of this kind: snapshot, clone_base or rootfs.");

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

    private final Argument<BaseDiskId> id =
        takes.parameter("ID", BaseDiskId::new, "The id of the base.");

    Show(RootCommand root) {
      super(root, "Prints a base, and the boxes and bases on it.");
    }

    @Override
    public Integer call() {
      return root.run(disks -> new BaseDocuments.One(require(disks, id.get())));
    }
  }

  static final class Rm extends Command {

    private final Argument<List<BaseDiskId>> ids =
        takes.parameters("ID", BaseDiskId::new, "The ids of the bases.");

    private final Confirmation confirmation = new Confirmation(root, takes);

    Rm(RootCommand root) {
      super(
          root,
          "Removes unused bases of any kind, and collects the bases that become unused.",
          "A base that a box or another base needs is refused. A hold does not keep a base from"
              + " being removed, unless a disk in the home still backs onto it.",
          "Several bases are all checked first, then removed one by one, each after the bases on"
              + " it. If a removal fails, the command prints the bases that are removed by then,"
              + " and the error.",
          "",
          "--json: removed (the id; of several bases, the list of ids), collected, freed_bytes.");
    }

    @Override
    public Integer call() {
      ImmutableList<BaseDiskId> named = ImmutableSet.copyOf(ids.get()).asList();
      boolean isList = named.size() > 1;
      return root.run(
          disks -> {
            confirmation.require(() -> Questions.removeBases(disks, named));
            Set<BaseDiskId> gone = new HashSet<>();
            return Batch.<BaseDiskId, Removal>run(
                root,
                isList ? disks.bases().removalOrder(named) : named,
                id -> {
                  // The removal of a base on it may have collected it.
                  CollectionReport report =
                      gone.contains(id) ? CollectionReport.NOTHING : disks.bases().remove(id);
                  gone.addAll(report.collected());
                  return new Removal(id.value(), report);
                },
                done -> CollectionDocuments.Removals.of(done, isList));
          });
    }
  }
}
