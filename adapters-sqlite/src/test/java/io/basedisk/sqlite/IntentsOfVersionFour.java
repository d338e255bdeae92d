package io.basedisk.sqlite;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileVersion;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.intent.AddRootfsIntent;
import io.basedisk.domain.model.intent.AttachRootfsIntent;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.CompactIntent;
import io.basedisk.domain.model.intent.CopyIntent;
import io.basedisk.domain.model.intent.CreateBoxesIntent;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.model.intent.ForkIntent;
import io.basedisk.domain.model.intent.ImportBoxIntent;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.model.intent.NewBox;
import io.basedisk.domain.model.intent.PlannedBase;
import io.basedisk.domain.model.intent.RemoveBoxIntent;
import io.basedisk.domain.model.intent.RestoreIntent;
import io.basedisk.domain.testing.Records;
import java.nio.file.Path;
import java.time.Instant;

/**
 * One intent of each operation: its rows in version 4 of the schema, and the intent to expect. The
 * intent with id {@code <id>} has the box {@code b<id>} and the base {@code plan0<id>}.
 */
final class IntentsOfVersionFour {

  private static final BaseDiskId BASE = Records.id("base0001");
  private static final String NO_VERSION = "NULL, NULL";

  private final ImmutableList.Builder<String> rows = ImmutableList.builder();
  private final ImmutableList.Builder<Intent> intents = ImmutableList.builder();

  private IntentsOfVersionFour() {}

  /** Returns the statements that insert the rows. Base {@code base0001} must exist. */
  static ImmutableList<String> rows() {
    return all().rows.build();
  }

  /** Returns the intents, ordered by id. */
  static ImmutableList<Intent> intents() {
    return all().intents.build();
  }

  private static IntentsOfVersionFour all() {
    IntentsOfVersionFour all = new IntentsOfVersionFour();
    all.addFork(100);
    all.addCopy(101);
    all.addCreation(102);
    all.addImport(104);
    all.addAttachment(105);
    all.addRootfs(106);
    all.addRestore(107);
    all.addCompaction(108);
    all.addRemoval(109);
    return all;
  }

  private void addFork(int id) {
    head(id, "fork", "'plan0%1$d', '/p/plan0%1$d', 'b%1$d', 'daily', 'snapshot', 'base0001'");
    box(id);
    disk(id, "container", 1, NO_VERSION);
    base(id);
    files(id, "/p/plan0%d", "/p/.plan0%d.tmp", "/b%d/d/.disk.tmp", "/b%d/d/.disk.old");
    intents.add(
        new ForkIntent(
            new OperationId(id),
            claim(id),
            disk(id, DiskSlot.CONTAINER, 1),
            new PlannedBase(
                Records.id("plan0" + id),
                Path.of("/p/plan0" + id),
                BoxId.of("b" + id),
                new SnapshotName("daily"),
                BaseDiskKind.SNAPSHOT,
                BASE),
            Path.of("/p/.plan0" + id + ".tmp"),
            Path.of("/b" + id + "/d/.disk.tmp"),
            Path.of("/b" + id + "/d/.disk.old"),
            Records.NOON));
  }

  private void addCopy(int id) {
    head(id, "copy", "'plan0%1$d', '/p/plan0%1$d', 'b%1$d', NULL, 'clone_base', NULL");
    box(id);
    disk(id, "container", 1, NO_VERSION);
    files(id, "/p/plan0%d", "/p/.plan0%d.tmp");
    intents.add(
        new CopyIntent(
            new OperationId(id),
            claim(id),
            disk(id, DiskSlot.CONTAINER, 1),
            new PlannedBase(
                Records.id("plan0" + id),
                Path.of("/p/plan0" + id),
                BoxId.of("b" + id),
                null,
                BaseDiskKind.CLONE_BASE,
                null),
            Path.of("/p/.plan0" + id + ".tmp"),
            Records.NOON));
  }

  /** Adds a creation of two boxes: that of this id and that of the next. */
  private void addCreation(int id) {
    head(id, "create_boxes", "NULL, NULL, NULL, NULL, NULL, NULL");
    box(id);
    rows.add("INSERT INTO intent_boxes VALUES (%d, 1, 'b%2$d', '/b%2$d/d')".formatted(id, id + 1));
    base(id);
    files(id, "/b%d", "/b%d/d", "/b%d/d/disk");
    for (String file : ImmutableList.of("/b%d", "/b%d/d", "/b%d/d/disk")) {
      file(id, 20 + file.length(), file.formatted(id + 1));
    }
    intents.add(
        new CreateBoxesIntent(
            new OperationId(id), ImmutableList.of(newBox(id), newBox(id + 1)), BASE, Records.NOON));
  }

  private void addImport(int id) {
    head(id, "import_box", "NULL, NULL, NULL, NULL, NULL, NULL");
    box(id);
    files(id, "/b%d", "/b%d/d", "/b%d/d/.disk.tmp", "/b%d/d/disk");
    intents.add(
        new ImportBoxIntent(
            new OperationId(id), newBox(id), Path.of("/b" + id + "/d/.disk.tmp"), Records.NOON));
  }

  private void addAttachment(int id) {
    head(id, "attach_rootfs", "NULL, NULL, NULL, NULL, NULL, NULL");
    box(id);
    base(id);
    files(id, "/b%d/d/.rootfs.tmp", "/b%d/d/rootfs");
    intents.add(
        new AttachRootfsIntent(
            new OperationId(id),
            claim(id),
            BASE,
            Path.of("/b" + id + "/d/.rootfs.tmp"),
            Path.of("/b" + id + "/d/rootfs"),
            Records.NOON));
  }

  private void addRootfs(int id) {
    head(id, "add_rootfs", "'plan0%1$d', '/p/plan0%1$d', '__global__', 'debian', 'rootfs', NULL");
    files(id, "/p/.plan0%d.tmp", "/p/plan0%d");
    intents.add(
        new AddRootfsIntent(
            new OperationId(id),
            Records.id("plan0" + id),
            Path.of("/p/plan0" + id),
            new RootfsKey("debian"),
            Path.of("/p/.plan0" + id + ".tmp"),
            Records.NOON));
  }

  private void addRestore(int id) {
    head(id, "restore", "NULL, NULL, NULL, NULL, NULL, NULL");
    box(id);
    disk(id, "container", 1, NO_VERSION);
    disk(id, "guest_rootfs", 2, NO_VERSION);
    base(id);
    files(id, "/b%d/d/.disk.tmp", "/b%d/d/.disk.old");
    intents.add(
        new RestoreIntent(
            new OperationId(id),
            claim(id),
            disk(id, DiskSlot.CONTAINER, 1),
            ImmutableList.of(disk(id, DiskSlot.GUEST_ROOTFS, 2)),
            BASE,
            Path.of("/b" + id + "/d/.disk.tmp"),
            Path.of("/b" + id + "/d/.disk.old"),
            Records.NOON));
  }

  /** Adds a compaction of a disk that was modified one nanosecond before the epoch. */
  private void addCompaction(int id) {
    head(id, "compact", "NULL, NULL, NULL, NULL, NULL, NULL");
    box(id);
    disk(id, "container", 1, "-1, 7");
    base(id);
    files(id, "/b%d/d/.disk.tmp", "/b%d/d/.disk.old");
    intents.add(
        new CompactIntent(
            new OperationId(id),
            claim(id),
            disk(id, DiskSlot.CONTAINER, 1),
            new FileVersion(Instant.EPOCH.minusNanos(1), 7),
            BASE,
            Path.of("/b" + id + "/d/.disk.tmp"),
            Path.of("/b" + id + "/d/.disk.old"),
            Records.NOON));
  }

  /** Adds a removal. Version 4 recorded the removed disks as files too. */
  private void addRemoval(int id) {
    head(id, "remove_box", "NULL, NULL, NULL, NULL, NULL, NULL");
    box(id);
    disk(id, "container", 1, NO_VERSION);
    disk(id, "guest_rootfs", 2, NO_VERSION);
    base(id);
    files(id, "/b%d/d/1", "/b%d/d/2");
    intents.add(
        new RemoveBoxIntent(
            new OperationId(id),
            claim(id),
            ImmutableList.of(disk(id, DiskSlot.CONTAINER, 1), disk(id, DiskSlot.GUEST_ROOTFS, 2)),
            ImmutableSet.of(BASE),
            Records.NOON));
  }

  // Rows.

  private void head(int id, String operation, String planned) {
    rows.add(
        "INSERT INTO intents VALUES (%d, '%s', 1700000000, %s)"
            .formatted(id, operation, planned.formatted(id)));
  }

  private void box(int id) {
    rows.add("INSERT INTO intent_boxes VALUES (%1$d, 0, 'b%1$d', '/b%1$d/d')".formatted(id));
  }

  /**
   * Adds a disk of the box. Its device is the number of the disk, its inode the id of the intent.
   */
  private void disk(int id, String slot, int number, String version) {
    rows.add(
        "INSERT INTO intent_disks VALUES (%1$d, %3$d, '%2$s', '/b%1$d/d/%3$d', %3$d, %1$d, %4$s)"
            .formatted(id, slot, number, version));
  }

  private void base(int id) {
    rows.add("INSERT INTO intent_bases VALUES (%d, 'base0001')".formatted(id));
  }

  private void files(int id, String... paths) {
    int ordinal = 3;
    for (String path : paths) {
      file(id, ordinal++, path.formatted(id));
    }
  }

  private void file(int id, int ordinal, String path) {
    rows.add("INSERT INTO intent_files VALUES (%d, %d, '%s')".formatted(id, ordinal, path));
  }

  // Parts of intents.

  private static BoxClaim claim(int id) {
    return new BoxClaim(BoxId.of("b" + id), Path.of("/b" + id + "/d"));
  }

  private static NewBox newBox(int id) {
    Path directory = Path.of("/b" + id);
    return new NewBox(
        BoxId.of("b" + id), directory, directory.resolve("d"), directory.resolve("d/disk"));
  }

  private static DiskClaim disk(int id, DiskSlot slot, int number) {
    return new DiskClaim(slot, Path.of("/b" + id + "/d/" + number), new FileIdentity(number, id));
  }
}
