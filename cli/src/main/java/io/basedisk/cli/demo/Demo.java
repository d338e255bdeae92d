package io.basedisk.cli.demo;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.app.BaseDisks;
import io.basedisk.cli.render.Sizes;
import io.basedisk.cli.render.TreeDocument;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.box.Boxes.ForeignDisks;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.clone.Clones.Cloned;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.SnapshotName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The main job: forks, snapshots, clones and removes a box, writes and reads back its content, and
 * shows that every base is collected as soon as nothing needs it, and not before.
 */
public final class Demo {

  private static final BoxId WEB_1 = BoxId.of("web-1");
  private static final BoxId WEB_2 = BoxId.of("web-2");
  private static final BoxId WEB_3 = BoxId.of("web-3");
  private static final SnapshotName CONFIGURED = new SnapshotName("configured");
  private static final ByteSize SIZE = ByteSize.parse("256M");
  private static final int LARGE = 1 << 20;
  private static final int SMALL = 4 << 10;
  private static final ImmutableSet<PosixFilePermission> OWNER_ALONE =
      ImmutableSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final Path directory;
  private final BaseDisks disks;
  private final Optional<QemuImg> qemuImg;
  private final Consumer<? super Step> audience;
  private final Guests guests;
  private final List<Step> steps = new ArrayList<>();

  /**
   * @param directory an empty directory, for images from outside
   * @param disks an empty home
   * @param qemuImg checks every file after every step, if it is installed
   * @param audience receives each step once it is done
   */
  public Demo(
      Path directory, BaseDisks disks, Optional<QemuImg> qemuImg, Consumer<? super Step> audience) {
    this.directory = directory;
    this.disks = disks;
    this.guests = new Guests(disks);
    this.qemuImg = qemuImg;
    this.audience = audience;
  }

  /**
   * Runs the demo.
   *
   * @param image a qcow2 image without a backing file, whose copy becomes the first disk; null for
   *     an empty disk
   * @return every step, in order
   */
  public ImmutableList<Step> run(@Nullable Path image) {
    BaseDisk first = image == null ? forkNewBox() : forkCopyOf(image);
    BaseDisk second = snapshot();
    cloneTwice(second);
    writeEverywhere();
    removeSource(first, second, image != null);
    removeClones();
    collect();
    return ImmutableList.copyOf(steps);
  }

  // The steps.

  private BaseDisk forkNewBox() {
    BoxDetails box = disks.boxes().create(WEB_1, SIZE);
    Guest guest = guests.start(WEB_1, box.box().disk(DiskSlot.CONTAINER));
    guest.write(0, LARGE, "installed");
    guest.write(0.5, LARGE, "installed");
    guest.write(0.99, SMALL, "installed");
    tell(
        "A box with a disk",
        ImmutableList.of(
            "A box is a VM or sandbox with a disk. This box gets an empty qcow2 disk, and its",
            "guest installs a system: three patterns of bytes."),
        ImmutableList.of("basedisk box create " + WEB_1 + " --size 256M"),
        ImmutableList.of(describe(box.box())));

    BaseDisk base = disks.bases().create(WEB_1, BaseDiskKind.CLONE_BASE, null);
    tellFork("basedisk base create " + WEB_1 + " --kind clone_base", base);
    return base;
  }

  private BaseDisk forkCopyOf(Path image) {
    Path disksDir = copy(image);
    guests.start(WEB_1, disksDir.resolve(DiskSlot.CONTAINER.fileName()));
    BaseDisk base = disks.bases().create(WEB_1, disksDir, BaseDiskKind.CLONE_BASE, null);
    tellFork("basedisk base create " + WEB_1 + " --kind clone_base --disks-dir " + disksDir, base);
    return base;
  }

  private void tellFork(String command, BaseDisk base) {
    guests.freeze(base, WEB_1);
    tell(
        "Fork: the disk becomes an immutable base",
        ImmutableList.of(
            "The disk's file gets a second name in bases/, and an empty overlay takes its place.",
            "Nothing was copied, the disk's path never was missing, and the disk reads as before."),
        ImmutableList.of(command),
        ImmutableList.of(describe(base)));
  }

  private BaseDisk snapshot() {
    guests.of(WEB_1).write(0.25, LARGE, "configured");
    guests.of(WEB_1).write(0.5, SMALL, "configured");
    BaseDisk base = disks.snapshots().create(WEB_1, CONFIGURED);
    guests.freeze(base, WEB_1);
    tell(
        "Snapshot: a base with a name",
        ImmutableList.of(
            "The guest keeps writing to its overlay, never to the base. A snapshot is another"
                + " fork.",
            "It has a name, and stays until you remove it."),
        ImmutableList.of("basedisk snapshot create " + WEB_1 + " " + CONFIGURED),
        ImmutableList.of(describe(base)));
    return base;
  }

  private void cloneTwice(BaseDisk snapshot) {
    Cloned cloned = disks.clones().cloneSnapshot(WEB_1, CONFIGURED, ImmutableList.of(WEB_2, WEB_3));
    for (BoxDetails box : cloned.boxes()) {
      guests.startClone(snapshot, box.box().id(), box.box().disk(DiskSlot.CONTAINER));
    }
    tell(
        "Clone: two boxes that share the snapshot",
        ImmutableList.of(
            "Each new disk is an empty overlay of the snapshot. It takes some hundred KiB, however",
            "large the snapshot is."),
        ImmutableList.of("basedisk clone " + WEB_1 + "@" + CONFIGURED + " " + WEB_2 + " " + WEB_3),
        cloned.boxes().stream()
            .map(box -> describe(box.box()))
            .collect(ImmutableList.toImmutableList()));
  }

  private void writeEverywhere() {
    for (BoxId box : ImmutableList.of(WEB_1, WEB_2, WEB_3)) {
      guests.of(box).write(0, SMALL, "own");
      guests.of(box).write(0.25, SMALL, "own");
      guests.of(box).write(0.75, LARGE, "own");
    }
    tell(
        "Write: each box reads its own data",
        ImmutableList.of(
            "All three guests write to the same offsets. Each reads its own bytes there, and the",
            "shared bytes elsewhere. The bases do not change."),
        ImmutableList.of(),
        ImmutableList.of());
  }

  /**
   * @param isImported whether the box's disk is the copy of an image, which the home did not create
   */
  private void removeSource(BaseDisk first, BaseDisk second, boolean isImported) {
    String deleting = isImported ? " --delete-disks" : "";
    String refusal = refusalToRemove(WEB_1);
    CollectionReport report =
        disks.boxes().remove(WEB_1, SnapshotsOnRemoval.REMOVE, ForeignDisks.DELETE);
    guests.stop(WEB_1);
    tell(
        "Remove the source: the bases of its clones stay",
        ImmutableList.of(
            "No box backs directly onto " + first.id() + " any more. A tool that only counts boxes",
            "would delete it now, and break both clones. Here it stays, because base",
            second.id() + " needs it, and the clones need that base."),
        ImmutableList.of(
            "basedisk box rm " + WEB_1 + deleting,
            "basedisk box rm " + WEB_1 + deleting + " --with-snapshots"),
        ImmutableList.of(refusal, describe(WEB_1, report)),
        Check.that(!refusal.isEmpty(), "the box was not removed while it had a snapshot"),
        Check.that(
            disks.bases().find(first.id()).isPresent()
                && disks.bases().find(second.id()).isPresent(),
            "both bases are still there"));
  }

  private String refusalToRemove(BoxId box) {
    try {
      CollectionReport report =
          disks.boxes().remove(box, SnapshotsOnRemoval.REFUSE, ForeignDisks.DELETE);
      throw new IllegalStateException("removed a box that has a snapshot: " + report);
    } catch (RefusedException e) {
      return "refused: " + e.getMessage();
    }
  }

  private void removeClones() {
    CollectionReport one = disks.boxes().remove(WEB_2, SnapshotsOnRemoval.REFUSE);
    boolean allThere = one.collected().isEmpty();
    CollectionReport other = disks.boxes().remove(WEB_3, SnapshotsOnRemoval.REFUSE);
    guests.stopAll();
    tell(
        "Remove the clones: the last one frees both bases",
        ImmutableList.of(
            "As long as one clone is left, both bases stay. Removing the last clone frees its"
                + " base,",
            "and then the base below."),
        ImmutableList.of("basedisk box rm " + WEB_2, "basedisk box rm " + WEB_3),
        ImmutableList.of(describe(WEB_2, one), describe(WEB_3, other)),
        Check.that(allThere, "nothing was collected while one clone was left"),
        Check.that(other.collected().size() == 2, "both bases were collected with the last one"));
  }

  private void collect() {
    CollectionReport report =
        disks.garbageCollection().collect(GarbageCollection.Scope.DEFAULT).bases();
    tell(
        "Nothing is left",
        ImmutableList.of("A full collection, which reads every header, finds nothing to do."),
        ImmutableList.of("basedisk gc"),
        ImmutableList.of(describe(report)),
        Check.that(report.collected().isEmpty(), "nothing was left to collect"),
        Check.that(isEmpty(disks.home().bases()), "the directory of the bases is empty"),
        Check.that(isEmpty(disks.home().boxes()), "the directory of the boxes is empty"));
  }

  // Shared by the steps.

  private void tell(
      String title,
      ImmutableList<String> story,
      ImmutableList<String> commands,
      ImmutableList<String> results,
      Check... own) {
    ImmutableList.Builder<Check> checks = ImmutableList.<Check>builder().add(own);
    checks.addAll(guests.verify());
    ImmutableList<Path> files = guests.disks();
    if (!files.isEmpty()) {
      qemuImg.ifPresent(qemu -> checks.add(qemu.check(files)));
    }
    Step step =
        new Step(
            steps.size() + 1,
            title,
            story,
            commands,
            results,
            TreeDocument.of(disks),
            checks.build());
    steps.add(step);
    audience.accept(step);
  }

  private Path copy(Path image) {
    Path disksDir = directory.resolve("imported");
    Path disk = disksDir.resolve(DiskSlot.CONTAINER.fileName());
    try {
      Files.createDirectory(disksDir);
      Files.copy(image.toRealPath(), disk);
      Files.setPosixFilePermissions(disk, OWNER_ALONE); // The image may be read-only.
      return disksDir;
    } catch (IOException e) {
      throw new StorageException("cannot copy " + image + " to " + disk + ": " + e.getMessage(), e);
    }
  }

  private static boolean isEmpty(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isEmpty();
    } catch (IOException e) {
      throw new StorageException("cannot list " + directory + ": " + e.getMessage(), e);
    }
  }

  private static String describe(Box box) {
    return "box " + box.id() + ": " + box.disk(DiskSlot.CONTAINER);
  }

  private static String describe(BaseDisk base) {
    return "base " + base.id() + ": " + base.diskInfo().basePath();
  }

  private static String describe(BoxId removed, CollectionReport report) {
    return "removed " + removed + "; " + describe(report);
  }

  private static String describe(CollectionReport report) {
    return report.collected().isEmpty()
        ? "no base was collected"
        : "collected " + report.collected() + ", freed " + Sizes.human(report.freedBytes());
  }
}
