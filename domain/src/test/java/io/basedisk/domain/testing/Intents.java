package io.basedisk.domain.testing;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.basedisk.domain.testing.Records.base;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileVersion;
import io.basedisk.domain.model.HeaderPatch;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.intent.AddRootfsIntent;
import io.basedisk.domain.model.intent.AdoptHomeIntent;
import io.basedisk.domain.model.intent.AdoptIntent;
import io.basedisk.domain.model.intent.AdoptedFile;
import io.basedisk.domain.model.intent.AdoptedFile.Move;
import io.basedisk.domain.model.intent.AdoptedFile.Role;
import io.basedisk.domain.model.intent.AttachRootfsIntent;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.CompactIntent;
import io.basedisk.domain.model.intent.CopyIntent;
import io.basedisk.domain.model.intent.CreateBoxesIntent;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.model.intent.ExportIntent;
import io.basedisk.domain.model.intent.ForkIntent;
import io.basedisk.domain.model.intent.ImportArtifactIntent;
import io.basedisk.domain.model.intent.ImportBoxIntent;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.model.intent.NewBaseFile;
import io.basedisk.domain.model.intent.NewBox;
import io.basedisk.domain.model.intent.PlannedBase;
import io.basedisk.domain.model.intent.RemoveBoxIntent;
import io.basedisk.domain.model.intent.ResizeIntent;
import io.basedisk.domain.model.intent.RestoreIntent;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Intents for tests, of boxes at the places that {@link Records} gives them. An intent that says
 * nothing else of its disk claims the file with its own number as inode number.
 */
public final class Intents {

  private Intents() {}

  /**
   * Returns intents of every type, on the recorded bases {@code base0001} and {@code base0002}. No
   * two of them can stand at once.
   */
  public static ImmutableList<Intent> ofEveryType() {
    FileVersion version = new FileVersion(Instant.ofEpochSecond(1_700_000_000, 123_456_789), 7);
    FileVersion farAway = new FileVersion(StoreContractPart.FAR_AWAY, 8);
    DiskClaim rootfs = disk(DiskSlot.GUEST_ROOTFS, Path.of("/vms/rootfs"), -5, 8);
    return ImmutableList.of(
        fork((1L << 62) - 1, "box-1", base("plan0001").build()),
        fork(9, "box-1", base("plan0001").rootfs("debian:12").on("base0001").build()),
        copy(9, "box-1", base("plan0001").snapshot("nightly").on("base0002").build()),
        copy(9, "box-1", base("plan0001").build()),
        createBoxes(9, "box-2", "box-1"),
        createBoxesOn("base0001", 9, "box-1"),
        importBox(9, "box-1"),
        attachRootfs(9, "box-1", "base0001"),
        addRootfs(9, "plan0001", "debian:12"),
        restore(9, "box-1", "base0001"),
        restore(9, "box-1", "base0001", rootfs),
        compact(9, "box-1", version, "base0001"),
        compact(9, "box-1", farAway, "base0001"),
        resize(10, "box-1", 20L << 30),
        removeBox(9, "box-1"),
        removeBox(
            9,
            new BoxClaim(BoxId.of("box-1"), Path.of("/vms/ü")),
            rootfs,
            containerDisk("box-1", 1, 9)),
        removeBoxOn(ImmutableList.of("base0002", "base0001"), 9, "box-1"),
        adopt(9, version, null),
        adopt(9, farAway, new HeaderPatch(16, "00ff", "ff00")),
        adoptHome(9, ImmutableList.of("box-2", "box-1"), "plan0001", "plan0002"),
        adoptHome(9, ImmutableList.of(), "plan0001"),
        export("base0001", 9),
        importArtifact(9, "box-1"),
        importArtifact(9, "box-1", "import02", "import01").keeping(new BaseDiskId("base0002")));
  }

  /** Returns an intent to copy boxes and bases of another home. */
  public static AdoptHomeIntent adoptHome(long id, ImmutableList<String> boxes, String... bases) {
    return new AdoptHomeIntent(
        new OperationId(id),
        boxes.stream()
            .map(Intents::newBox)
            .map(box -> new AdoptHomeIntent.NewDisk(box, beside(box.disk(), id, "tmp")))
            .collect(toImmutableList()),
        Arrays.stream(bases)
            .map(Records::basePath)
            .map(file -> new AdoptHomeIntent.NewFile(file, beside(file, id, "tmp")))
            .collect(toImmutableList()),
        Records.NOON);
  }

  /**
   * Returns an intent to adopt a chain of three files onto {@code base0001}: the lowest stays, and
   * the others move into the home.
   */
  public static AdoptIntent adopt(long id, FileVersion version, @Nullable HeaderPatch patch) {
    Path bottom = Path.of("/vms/ü/bottom.raw");
    Path base = Path.of("/vms/base.img");
    Path disk = Path.of("/vms/web.qcow2");
    BaseDiskId raw = new BaseDiskId("adopt001");
    BaseDiskId middle = new BaseDiskId("adopt002");
    return new AdoptIntent(
        new OperationId(id),
        ImmutableList.of(
            new AdoptedFile(
                Path.of("/vms/own.qcow2"),
                new FileIdentity(1, 1),
                version,
                ImageFormat.QCOW2,
                512,
                new Role.BoxDisk(BoxId.of("own")),
                new BaseDiskId("base0001"),
                null),
            new AdoptedFile(
                bottom,
                new FileIdentity(1, 2),
                version,
                ImageFormat.RAW,
                1 << 20,
                new Role.Base(raw),
                null,
                null),
            new AdoptedFile(
                base,
                new FileIdentity(1, 3),
                version,
                ImageFormat.QCOW2,
                1 << 20,
                new Role.Base(middle),
                raw,
                move(id, base, Records.basePath(middle.value()), patch)),
            new AdoptedFile(
                disk,
                new FileIdentity(-1, 4),
                version,
                ImageFormat.QCOW2,
                1 << 20,
                new Role.BoxDisk(BoxId.of("web")),
                middle,
                move(id, disk, newBox("web").disk(), patch))),
        Records.NOON);
  }

  /** Returns an intent to export a base and those below it. */
  public static ExportIntent export(String base, long id) {
    return new ExportIntent(new OperationId(id), new BaseDiskId(base), Records.NOON);
  }

  /** Returns an intent to import an artifact as a box, with new bases. */
  public static ImportArtifactIntent importArtifact(long id, String box, String... bases) {
    return new ImportArtifactIntent(
        new OperationId(id),
        newBox(box),
        Arrays.stream(bases)
            .map(
                base ->
                    new NewBaseFile(
                        new BaseDiskId(base),
                        Records.basePath(base),
                        beside(Records.basePath(base), id, "tmp")))
            .collect(toImmutableList()),
        ImmutableSet.of(),
        Records.NOON);
  }

  private static Move move(long id, Path file, Path target, @Nullable HeaderPatch patch) {
    return new Move(target, beside(target, id, "tmp"), beside(file, id, "old"), 0640, patch);
  }

  /** Returns an intent to fork the container disk of a box into {@code base}. */
  public static ForkIntent fork(long id, String box, BaseDisk base) {
    return fork(id, claim(box), containerDisk(box, 1, id), base);
  }

  /** Returns an intent to fork a disk of a box into {@code base}. */
  public static ForkIntent fork(long id, BoxClaim box, DiskClaim disk, BaseDisk base) {
    PlannedBase planned = planned(base);
    return new ForkIntent(
        new OperationId(id),
        box,
        disk,
        planned,
        beside(planned.path(), id, "tmp"),
        beside(disk.path(), id, "tmp"),
        beside(disk.path(), id, "old"),
        Records.NOON);
  }

  /** Returns an intent to copy the container disk of a box into {@code base}. */
  public static CopyIntent copy(long id, String box, BaseDisk base) {
    PlannedBase planned = planned(base);
    return new CopyIntent(
        new OperationId(id),
        claim(box),
        containerDisk(box, 1, id),
        planned,
        beside(planned.path(), id, "tmp"),
        Records.NOON);
  }

  /** Returns an intent to create boxes with empty disks. */
  public static CreateBoxesIntent createBoxes(long id, String... boxes) {
    return createBoxes(id, Arrays.stream(boxes).map(Intents::newBox).toArray(NewBox[]::new));
  }

  /** Returns an intent to create boxes with empty disks. */
  public static CreateBoxesIntent createBoxes(long id, NewBox... boxes) {
    return new CreateBoxesIntent(
        new OperationId(id), ImmutableList.copyOf(boxes), null, Records.NOON);
  }

  /** Returns an intent to create boxes on a base. */
  public static CreateBoxesIntent createBoxesOn(String base, long id, String... boxes) {
    return new CreateBoxesIntent(
        new OperationId(id),
        Arrays.stream(boxes).map(Intents::newBox).collect(toImmutableList()),
        new BaseDiskId(base),
        Records.NOON);
  }

  /** Returns an intent to import an image as a new box. */
  public static ImportBoxIntent importBox(long id, String box) {
    NewBox newBox = newBox(box);
    return new ImportBoxIntent(
        new OperationId(id), newBox, beside(newBox.disk(), id, "tmp"), Records.NOON);
  }

  /** Returns an intent to attach an overlay of {@code base} to a box. */
  public static AttachRootfsIntent attachRootfs(long id, String box, String base) {
    Path disk = claim(box).disk(DiskSlot.GUEST_ROOTFS);
    return new AttachRootfsIntent(
        new OperationId(id),
        claim(box),
        new BaseDiskId(base),
        beside(disk, id, "tmp"),
        disk,
        Records.NOON);
  }

  /** Returns an intent to make a new entry of the rootfs cache. */
  public static AddRootfsIntent addRootfs(long id, String base, String key) {
    return addRootfs(id, base, Records.basePath(base), key);
  }

  /** Returns an intent to make a new entry of the rootfs cache, whose file is {@code file}. */
  public static AddRootfsIntent addRootfs(long id, String base, Path file, String key) {
    return new AddRootfsIntent(
        new OperationId(id),
        new BaseDiskId(base),
        file,
        new RootfsKey(key),
        beside(file, id, "tmp"),
        Records.NOON);
  }

  /** Returns an intent to restore a box, whose other disks {@code dropped} are. */
  public static RestoreIntent restore(long id, String box, String snapshot, DiskClaim... dropped) {
    DiskClaim disk = containerDisk(box, 1, id);
    return new RestoreIntent(
        new OperationId(id),
        claim(box),
        disk,
        ImmutableList.copyOf(dropped),
        new BaseDiskId(snapshot),
        beside(disk.path(), id, "tmp"),
        beside(disk.path(), id, "old"),
        Records.NOON);
  }

  /** Returns an intent to compact the container disk of a box onto {@code base}. */
  public static CompactIntent compact(long id, String box, FileVersion version, String base) {
    DiskClaim disk = containerDisk(box, 1, id);
    return new CompactIntent(
        new OperationId(id),
        claim(box),
        disk,
        version,
        new BaseDiskId(base),
        beside(disk.path(), id, "tmp"),
        beside(disk.path(), id, "old"),
        Records.NOON);
  }

  /** Returns an intent to grow the container disk of a box. */
  public static ResizeIntent resize(long id, String box, long virtualSize) {
    return new ResizeIntent(
        new OperationId(id),
        claim(box),
        containerDisk(box, 1, id),
        new ByteSize(virtualSize),
        Records.NOON);
  }

  /** Returns an intent to remove a box that depends on no base. */
  public static RemoveBoxIntent removeBox(long id, String box, DiskClaim... disks) {
    return removeBox(id, claim(box), disks);
  }

  /** Returns an intent to remove a box that depends on no base. */
  public static RemoveBoxIntent removeBox(long id, BoxClaim box, DiskClaim... disks) {
    return new RemoveBoxIntent(
        new OperationId(id), box, ImmutableList.copyOf(disks), ImmutableSet.of(), Records.NOON);
  }

  /** Returns an intent to remove a box without disks that has references to {@code bases}. */
  public static RemoveBoxIntent removeBoxOn(ImmutableList<String> bases, long id, String box) {
    return new RemoveBoxIntent(
        new OperationId(id),
        claim(box),
        ImmutableList.of(),
        bases.stream().map(BaseDiskId::new).collect(ImmutableSet.toImmutableSet()),
        Records.NOON);
  }

  // Parts.

  /** Returns a new box at its usual place. */
  public static NewBox newBox(String box) {
    Path disksDir = Records.disksDir(box);
    return newBox(box, disksDir);
  }

  /** Returns a new box with its disk in {@code disksDir}. */
  public static NewBox newBox(String box, Path disksDir) {
    return new NewBox(
        BoxId.of(box),
        disksDir.getParent(),
        disksDir,
        disksDir.resolve(DiskSlot.CONTAINER.fileName()));
  }

  /** Returns a claim on a box at its usual place. */
  public static BoxClaim claim(String box) {
    return new BoxClaim(BoxId.of(box), Records.disksDir(box));
  }

  /** Returns a claim on the container disk of a box, and says which file it is. */
  public static DiskClaim containerDisk(String box, long device, long inode) {
    return disk(DiskSlot.CONTAINER, claim(box).disk(DiskSlot.CONTAINER), device, inode);
  }

  /** Returns a claim on a disk, and says which file it is. */
  public static DiskClaim disk(DiskSlot slot, Path path, long device, long inode) {
    return new DiskClaim(slot, path, new FileIdentity(device, inode));
  }

  private static PlannedBase planned(BaseDisk base) {
    return new PlannedBase(
        base.id(),
        base.diskInfo().basePath(),
        base.sourceBoxId(),
        base.name(),
        base.kind(),
        base.parentId());
  }

  private static Path beside(Path file, long id, String suffix) {
    return file.resolveSibling("." + file.getFileName() + "." + id + "." + suffix);
  }
}
