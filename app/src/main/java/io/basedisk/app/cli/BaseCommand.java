package io.basedisk.app.cli;

import io.basedisk.app.BaseDisks;
import io.basedisk.app.cli.render.BaseDocuments;
import io.basedisk.app.cli.render.CollectionDocuments;
import io.basedisk.domain.BaseDetails;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code basedisk base} and its commands. */
@Command(
    name = "base",
    description = "Creates, lists and removes base disks themselves: the immutable files.")
@SuppressWarnings("NullAway.Init") // picocli sets every field that it requires.
final class BaseCommand {

  static BaseDetails require(BaseDisks disks, BaseDiskId id) {
    return disks.bases().find(id).orElseThrow(() -> new NotFoundException("no base " + id));
  }

  @Command(
      name = "create",
      description = {
        "Makes a box's disk an immutable base with an empty overlay in its place, and prints the"
            + " base.",
        "With --disks-dir, a box that is not registered is registered first: it owns the disk.qcow2"
            + " in that directory. The box's VM must be stopped meanwhile."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  basedisk base create web-1 --kind clone_base",
        "  basedisk base create vm7 --kind snapshot --name clean --disks-dir /srv/vms/vm7"
      })
  static final class Create implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "BOX", description = "The box.")
    private BoxId box;

    @Option(
        names = "--kind",
        paramLabel = "KIND",
        required = true,
        description =
            "snapshot: stays until it is removed. clone_base: goes when nothing needs it. rootfs:"
                + " belongs to no box, and stays until it is removed.")
    private BaseDiskKind kind;

    @Option(
        names = "--name",
        paramLabel = "NAME",
        description =
            "Its name, new in the box. Of a rootfs it is the key, new in the home, and its id"
                + " unless it is given.")
    private @Nullable SnapshotName name;

    @Option(
        names = "--disks-dir",
        paramLabel = "DIR",
        description = "The directory of the box's disks.")
    private @Nullable Path disksDir;

    Create(RootCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      return root.run(disks -> new BaseDocuments.One(require(disks, create(disks).id())));
    }

    private BaseDisk create(BaseDisks disks) {
      return disksDir == null
          ? disks.bases().create(box, kind, name)
          : disks.bases().create(box, disksDir, kind, name);
    }
  }

  @Command(name = "ls", description = "Lists the bases, newest first.")
  static final class Ls implements Callable<Integer> {

    private final RootCommand root;

    @Option(
        names = "--box",
        paramLabel = "BOX",
        description = "Only those that were forked from this box.")
    private @Nullable BoxId box;

    @Option(
        names = "--kind",
        paramLabel = "KIND",
        description = "Only those of this kind: snapshot, clone_base or rootfs.")
    private @Nullable BaseDiskKind kind;

    Ls(RootCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      BaseFilter filter = new BaseFilter(box, kind);
      return root.run(disks -> new BaseDocuments.Many(disks.bases().list(filter), "no bases"));
    }
  }

  @Command(name = "show", description = "Prints a base and what stands on it.")
  static final class Show implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "ID", description = "Its id.")
    private BaseDiskId id;

    Show(RootCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      return root.run(disks -> new BaseDocuments.One(require(disks, id)));
    }
  }

  @Command(
      name = "rm",
      description = {
        "Removes a base of any kind that nothing needs, and collects what that frees.",
        "It is refused while a box or another base stands on it."
      })
  static final class Rm implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "ID", description = "Its id.")
    private BaseDiskId id;

    Rm(RootCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      return root.run(
          disks -> new CollectionDocuments.Removal(id.value(), disks.bases().remove(id)));
    }
  }
}
