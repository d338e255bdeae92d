package io.basedisk.app.cli;

import static com.google.common.base.Preconditions.checkNotNull;

import io.basedisk.app.BaseDisks;
import io.basedisk.app.cli.render.BoxDocuments;
import io.basedisk.app.cli.render.CollectionDocuments;
import io.basedisk.app.cli.render.CompactionDocuments;
import io.basedisk.domain.BoxDetails;
import io.basedisk.domain.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.Compactions.Outcome;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.model.SnapshotName;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code basedisk box} and its commands. */
@Command(
    name = "box",
    description = "Creates, lists, removes and compacts boxes: VMs or sandboxes with a disk each.")
@SuppressWarnings("NullAway.Init") // picocli sets every field that it requires.
final class BoxCommand {

  @Command(
      name = "create",
      description = {
        "Creates a box in the home, and prints it. Its disk is empty and has a --size; or it has the"
            + " content of an image, of a rootfs or of a base.",
        "The content of an image is copied, with that of the backing files that are allowed: the disk"
            + " needs none of them. Nobody may write to them meanwhile; where it can't be told whether"
            + " somebody does, the image is refused, unless --when-locks-cant-be-asked was decided. Of"
            + " a rootfs or a base, the disk is an overlay. It may be larger than that, and not"
            + " smaller."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  basedisk box create web-1 --size 10G",
        "  basedisk box create web-1 --image debian.qcow2 --size 20G",
        "  basedisk box create web-1 --image disk.img --format raw",
        "  basedisk box create web-1 --rootfs debian-12",
        "  basedisk box create web-1 --base zb3Y9qLM"
      })
  static final class Create implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "BOX", description = "The name of the new box.")
    private BoxId box;

    @Option(
        names = "--size",
        paramLabel = "SIZE",
        description =
            "The size that its guest sees, such as 512M or 10G; rounded up to a multiple of 512"
                + " bytes. Otherwise that of the image, rootfs or base.")
    private @Nullable ByteSize size;

    @Option(names = "--image", paramLabel = "FILE", description = "Copy what this image contains.")
    private @Nullable Path image;

    @Mixin private ImportedImage importing = new ImportedImage();

    @Option(
        names = "--rootfs",
        paramLabel = "KEY",
        description = "Make an overlay of this entry of the rootfs cache, which counts as its use.")
    private @Nullable SnapshotName rootfs;

    @Option(
        names = "--base",
        paramLabel = "ID",
        description = "Make an overlay of this base, of whatever kind.")
    private @Nullable BaseDiskId base;

    Create(RootCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      long origins = Stream.of(image, rootfs, base).filter(Objects::nonNull).count();
      if (origins > 1) {
        throw new InvalidArgumentException("give one of --image, --rootfs and --base");
      }
      if (origins == 0 && size == null) {
        throw new InvalidArgumentException("give --size, --image, --rootfs or --base");
      }
      if (image == null) {
        importing.requireUnused("--image");
      }
      return root.run(disks -> new BoxDocuments.One(create(disks)));
    }

    private BoxDetails create(BaseDisks disks) {
      if (image != null) {
        return importing.take(
            root,
            image,
            (source, progress) -> disks.boxes().createFromImage(box, source, size, progress));
      } else if (rootfs != null) {
        return disks.rootfs().createBox(box, rootfs, size);
      } else if (base != null) {
        return disks.boxes().createOnBase(box, base, size);
      }
      return disks.boxes().create(box, checkNotNull(size));
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

  @Command(
      name = "compact",
      description = {
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
            + " done."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  basedisk box compact web-1 --dry-run        what it would cost and save",
        "  basedisk box compact web-1 --max-depth 8"
      })
  static final class Compact implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "BOX", description = "The box.")
    private BoxId box;

    @Option(
        names = "--max-depth",
        paramLabel = "N",
        description =
            "How many layers the disk may have below it, 1 or more; 32 unless it is given. It will"
                + " often have less.")
    private MaxDepth maxDepth = MaxDepth.DEFAULT;

    @Option(names = "--dry-run", description = "Change nothing; print what it would cost and save.")
    private boolean dryRun;

    Compact(RootCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      try (TidyStop stop = new TidyStop()) {
        return root.run(disks -> new CompactionDocuments.One(outcome(disks), dryRun));
      }
    }

    private Outcome outcome(BaseDisks disks) {
      if (dryRun) {
        return disks.compactions().plan(box, maxDepth);
      }
      try (ProgressLine progress = root.progress("compact")) {
        return disks.compactions().compact(box, maxDepth, progress);
      }
    }
  }
}
