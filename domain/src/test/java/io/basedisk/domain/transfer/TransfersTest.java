package io.basedisk.domain.transfer;

import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.image.SizeChange;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.artifact.Artifact;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.model.artifact.PackedLayer;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.rootfs.RootfsCache;
import io.basedisk.domain.snapshot.Snapshots.Mode;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryImageLocks;
import io.basedisk.domain.transfer.Transfers.Exported;
import io.basedisk.domain.transfer.Transfers.ExportedLayer;
import io.basedisk.domain.transfer.Transfers.Imported;
import io.basedisk.domain.transfer.Transfers.ImportedLayer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Exports and imports of boxes, in memory. */
final class TransfersTest {

  private static final Map<Long, String> CONTENT = Map.of(1L, "a", 2L, "b", 3L, "c");

  private final Travel travel = new Travel();
  private final Fleet source = travel.source;
  private final Fleet target = new Fleet();

  private static long bases(Fleet fleet) {
    return fleet.store.read(view -> view.bases().list(BaseFilter.ALL)).size();
  }

  /** Does something once, before the n-th step of the place, counted from 1. */
  private void beforeStep(int n, Runnable action) {
    AtomicInteger steps = new AtomicInteger();
    travel.place.beforeEachStep(
        step -> {
          if (steps.incrementAndGet() == n) {
            action.run();
          }
        });
  }

  // Round trips.

  @Test
  void an_imported_box_has_the_content_and_the_snapshots_of_the_exported_one() {
    Exported exported = travel.export();
    Imported imported = travel.importTo(target, "copy");

    assertEquals(3, exported.layers().size());
    assertEquals(CONTENT, target.read("copy"));
    assertEquals(ImmutableList.of("one", "two"), Travel.snapshots(target, "copy"));
    assertEquals(
        exported.layers().stream().map(ExportedLayer::layer).toList(),
        imported.layers().stream().map(ImportedLayer::layer).toList());
    assertTrue(imported.layers().stream().noneMatch(ImportedLayer::reused));
    target.check();
    source.check();
    target.restore("copy", "one");
    assertEquals(Map.of(1L, "a"), target.read("copy"));
    target.restore("copy", "two");
    assertEquals(Map.of(1L, "a", 2L, "b"), target.read("copy"));
    target.check();
  }

  @Test
  void a_second_export_sends_nothing_and_forks_nothing() {
    travel.export();
    long before = bases(source);
    travel.place.artifacts.clear();
    Exported again = travel.export();

    assertTrue(again.layers().stream().allMatch(ExportedLayer::skipped));
    assertEquals(3, travel.place.written.size());
    assertEquals(before, bases(source));
    assertEquals(CONTENT, target(again));
  }

  /** Imports what is there and returns its content. */
  private Map<Long, String> target(Exported exported) {
    assertFalse(exported.layers().isEmpty());
    travel.importTo(target, "copy");
    return target.read("copy");
  }

  @Test
  void only_what_was_written_since_is_sent_and_received() {
    travel.export();
    travel.importTo(target, "old");
    source.write("web", 4, "d");
    Exported exported = travel.export();
    Imported imported = travel.importTo(target, "new");

    assertEquals(
        ImmutableList.of(true, true, true, false),
        exported.layers().stream().map(ExportedLayer::skipped).toList());
    assertEquals(
        ImmutableList.of(true, true, true, false),
        imported.layers().stream().map(ImportedLayer::reused).toList());
    assertEquals(4, travel.place.read.size());
    assertEquals("d", target.read("new").get(4L));
    assertEquals(CONTENT, target.read("old"));
    target.check();
  }

  @Test
  void a_second_import_reuses_all_layers_and_has_snapshots_of_its_own() {
    travel.export();
    travel.importTo(target, "first");
    Imported second = travel.importTo(target, "second");

    assertTrue(second.layers().stream().allMatch(ImportedLayer::reused));
    assertEquals(0, second.layers().stream().mapToLong(ImportedLayer::transferredBytes).sum());
    assertEquals(3, travel.place.read.size());
    assertEquals(ImmutableList.of("one", "two"), Travel.snapshots(target, "second"));
    target.check();
    target.restore("second", "one");
    assertEquals(Map.of(1L, "a"), target.read("second"));
    assertEquals(CONTENT, target.read("first"));
    target.check();
  }

  @Test
  void the_exporting_home_reuses_its_own_layers() {
    travel.export();
    travel.importTo(source, "copy");

    assertEquals(0, travel.place.read.size());
    assertEquals(CONTENT, source.read("copy"));
    source.check();
  }

  @Test
  void an_imported_box_is_exported_again_without_sending() {
    travel.export();
    travel.importTo(target, "copy");
    Exported again = Travel.export(target, "copy", null, Mode.FORK, travel.place.open("again"));

    assertTrue(again.layers().stream().allMatch(ExportedLayer::skipped));
    assertEquals(3, travel.place.written.size());
  }

  @Test
  void a_snapshot_is_exported_with_the_layers_up_to_it() {
    Exported exported = Travel.export(source, "web", "one", Mode.FORK, travel.place.open("web"));
    travel.importTo(target, "copy");

    assertEquals(1, exported.layers().size());
    assertEquals(Map.of(1L, "a"), target.read("copy"));
    assertEquals(ImmutableList.of("one"), Travel.snapshots(target, "copy"));
    target.check();
  }

  @Test
  void a_running_box_is_exported_by_a_copy_that_is_deleted_afterwards() {
    long before = bases(source);
    try (InMemoryImageLocks.Open vm = source.imageLocks.startVm(disk("web"))) {
      assertTrue(vm != null);
      assertThrows(RefusedException.class, travel::export);
      Travel.export(source, "web", null, Mode.COPY, travel.place.open("web"));
    }
    travel.importTo(target, "copy");

    assertEquals(CONTENT, target.read("copy"));
    assertEquals(before, bases(source));
    source.check();
    target.check();
  }

  @Test
  void a_grown_disk_arrives_with_its_size() {
    source.fork("web");
    source.disks.alter(disk("web"), image -> image);
    source.useCases.boxes().resize(box("web"), SizeChange.parse("2G"));
    travel.export();
    travel.importTo(target, "copy");

    assertEquals(2L << 30, target.disks.readHeader(disk("copy")).virtualSize());
  }

  @Test
  void a_raw_file_below_is_the_lowest_layer() {
    travel.createOnRawFile();
    source.disks.guestWrites(Travel.DB, 3, "more");
    Travel.export(source, "db", null, Mode.FORK, travel.place.open("web"));
    Imported imported = travel.importTo(target, "db");

    assertEquals(ImageFormat.RAW, imported.layers().get(0).layer().format());
    assertEquals(source.disks.guestReads(Travel.DB), target.disks.guestReads(disk("db")));
    target.check();
    target.useCases.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);
    assertEquals(source.disks.guestReads(Travel.DB), target.disks.guestReads(disk("db")));
    assertTrue(target.events.stream().noneMatch(Event.NotRead.class::isInstance));
  }

  // Exports that fail.

  @Test
  void what_does_not_exist_is_not_exported() {
    assertThrows(
        NotFoundException.class,
        () -> Travel.export(source, "absent", null, Mode.FORK, travel.place.open("web")));
    assertThrows(
        NotFoundException.class,
        () -> Travel.export(source, "web", "absent", Mode.FORK, travel.place.open("web")));
  }

  @Test
  void a_failed_export_is_not_visible_and_keeps_nothing() {
    for (int step = 1; step <= 4; step++) {
      beforeStep(
          step,
          () -> {
            throw new StorageException("the connection is lost");
          });
      assertThrows(StorageException.class, travel::export);
      assertEquals(Map.of(), travel.place.artifacts);
      assertEquals(CONTENT, source.read("web"));
      source.check();
      travel.place.blobs.clear();
    }
  }

  @Test
  void an_interrupted_export_is_not_visible() {
    beforeStep(2, () -> Thread.currentThread().interrupt());

    assertThrows(InterruptedOperationException.class, travel::export);
    assertTrue(Thread.interrupted());
    assertEquals(Map.of(), travel.place.artifacts);
    source.check();
  }

  @Test
  void an_interrupt_before_an_export_ends_it_and_no_disk_is_forked() {
    long before = bases(source);
    Thread.currentThread().interrupt();

    assertThrows(InterruptedOperationException.class, travel::export);
    assertTrue(Thread.interrupted());
    assertEquals(before, bases(source));
  }

  @Test
  void an_interrupted_export_of_a_running_box_leaves_no_copy() {
    long before = bases(source);
    beforeStep(1, () -> Thread.currentThread().interrupt());
    try (InMemoryImageLocks.Open vm = source.imageLocks.startVm(disk("web"))) {
      assertTrue(vm != null);
      assertThrows(
          InterruptedOperationException.class,
          () -> Travel.export(source, "web", null, Mode.COPY, travel.place.open("web")));
    }

    assertTrue(Thread.interrupted());
    assertEquals(before, bases(source));
    source.check();
  }

  @Test
  void the_progress_of_a_copy_and_of_its_layers_is_one() {
    List<Long> done = new ArrayList<>();
    List<Long> totals = new ArrayList<>();
    try (InMemoryImageLocks.Open vm = source.imageLocks.startVm(disk("web"))) {
      assertTrue(vm != null);
      Travel.export(
          source,
          "web",
          null,
          Mode.COPY,
          travel.place.open("web"),
          (at, total) -> {
            done.add(at);
            totals.add(total);
          });
    }

    assertTrue(done.size() > 4, done::toString);
    assertEquals(done.stream().sorted().toList(), done);
    assertEquals(totals.get(totals.size() - 1), done.get(done.size() - 1));
    assertEquals(1, totals.stream().distinct().count(), totals::toString);
  }

  @Test
  void a_foreign_base_that_a_program_writes_to_is_not_exported() {
    travel.createOnRawFile();
    try (InMemoryImageLocks.Open program = source.imageLocks.startVm(Travel.RAW)) {
      assertTrue(program != null);
      assertThrows(
          RefusedException.class,
          () -> Travel.export(source, "db", null, Mode.FORK, travel.place.open("web")));
    }
    Travel.export(source, "db", null, Mode.FORK, travel.place.open("web"));
  }

  @Test
  void a_header_that_names_another_file_than_the_record_is_not_followed() {
    BaseDisk base = source.fork("web");
    source.disks.alterHeader(
        base.diskInfo().basePath(), header -> withBacking(header, "/home/other/secret.qcow2"));

    assertThrows(InvalidImageException.class, travel::export);
    assertEquals(0, travel.place.written.size());
  }

  private static ImageHeader withBacking(ImageHeader header, String name) {
    return new ImageHeader(
        header.version(), header.virtualSize(), new BackingFile(name, "qcow2"), false, false, 0, 0);
  }

  @Test
  void a_base_that_was_changed_secretly_is_not_exported() {
    BaseDisk base = source.fork("web");
    travel.export();
    source.disks.alterSecretly(base.diskInfo().basePath());
    travel.place.blobs.clear();

    assertThrows(InvalidImageException.class, travel::export);
  }

  @Test
  void a_collection_during_an_export_keeps_what_is_exported() {
    beforeStep(
        2,
        () -> {
          Fleet other = source.reopened(1);
          other.remove("db");
          other.useCases.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);
        });
    source.create("db");
    source.write("db", 1, "x");
    source.fork("db");
    source.write("db", 2, "y");
    Travel.export(source, "db", null, Mode.FORK, travel.place.open("web"));
    travel.place.beforeEachStep(step -> {});
    travel.importTo(target, "copy");

    assertEquals(Map.of(1L, "x", 2L, "y"), target.read("copy"));
    source.check();
    assertEquals(2, bases(source), "the bases of the removed box are collected");
  }

  // Imports that fail.

  private void refused(Class<? extends Exception> type) {
    assertThrows(type, () -> travel.importTo(target, "copy"));
    assertTrue(target.store.read(view -> view.boxes().list()).isEmpty());
    target.check();
  }

  private void assertNothingStays() {
    target.useCases.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);
    assertEquals(0, bases(target));
    assertEquals(ImmutableSet.of(), target.files());
  }

  @Test
  void a_failed_import_leaves_no_box_and_a_repeated_one_transfers_the_rest() {
    travel.export();
    beforeStep(
        4,
        () -> {
          throw new StorageException("the connection is lost");
        });
    refused(StorageException.class);
    assertEquals(1, bases(target));

    travel.place.read.clear();
    Imported imported = travel.importTo(target, "copy");
    assertEquals(2, travel.place.read.size());
    assertTrue(imported.layers().get(0).reused());
    assertEquals(CONTENT, target.read("copy"));
    assertEquals(ImmutableList.of("one", "two"), Travel.snapshots(target, "copy"));
    target.check();
  }

  @Test
  void the_next_collection_deletes_what_a_failed_import_left() {
    travel.export();
    beforeStep(
        6,
        () -> {
          throw new StorageException("the connection is lost");
        });
    refused(StorageException.class);
    assertEquals(2, bases(target));

    assertNothingStays();
  }

  @Test
  void a_changed_chunk_is_refused() {
    travel.export();
    travel.place.blobs.values().forEach(blob -> blob[blob.length - 1]++);

    refused(InvalidImageException.class);
    assertNothingStays();
  }

  @Test
  void content_that_is_not_the_layer_is_refused_whatever_the_place_says() {
    travel.export();
    alter(
        layer ->
            new Layer(
                layer.format(),
                Sha256.parse("sha256:" + "0".repeat(64)),
                layer.bytes(),
                layer.virtualSize(),
                layer.kind(),
                layer.snapshotName(),
                layer.createdAt()));

    refused(InvalidImageException.class);
    assertNothingStays();
  }

  @Test
  void a_layer_of_another_virtual_size_is_refused() {
    travel.export();
    alter(
        layer ->
            new Layer(
                layer.format(),
                layer.digest(),
                layer.bytes(),
                512,
                layer.kind(),
                layer.snapshotName(),
                layer.createdAt()));

    refused(InvalidImageException.class);
    assertNothingStays();
  }

  @Test
  void a_layer_that_needs_one_below_is_not_the_lowest_and_others_are_not_above() {
    travel.export();
    Artifact artifact = travel.place.artifacts.get("web");
    travel.place.artifacts.put(
        "web",
        new Artifact(
            artifact.box(),
            artifact.virtualSize(),
            artifact.platform(),
            artifact.layers().reverse()));

    refused(InvalidImageException.class);
    assertNothingStays();
  }

  @Test
  void two_layers_are_not_one_snapshot() {
    travel.export();
    alter(
        layer ->
            new Layer(
                layer.format(),
                layer.digest(),
                layer.bytes(),
                layer.virtualSize(),
                BaseDiskKind.SNAPSHOT,
                new SnapshotName("same"),
                layer.createdAt()));

    refused(InvalidImageException.class);
    assertEquals(0, travel.place.read.size());
  }

  private void alter(UnaryOperator<Layer> change) {
    Artifact artifact = travel.place.artifacts.get("web");
    travel.place.artifacts.put(
        "web",
        new Artifact(
            artifact.box(),
            artifact.virtualSize(),
            artifact.platform(),
            artifact.layers().stream()
                .map(packed -> new PackedLayer(change.apply(packed.layer()), packed.chunks()))
                .collect(ImmutableList.toImmutableList())));
  }

  @Test
  void more_than_the_limit_is_not_transferred() {
    Exported exported = travel.export();
    long bytes = exported.layers().stream().mapToLong(sent -> sent.layer().bytes()).sum();
    Transfers transfers = target.useCases.transfers();

    assertThrows(
        RefusedException.class,
        () ->
            transfers.importBox(
                box("copy"), travel.place.open("web"), new ByteSize(bytes - 1), Progress.NONE));
    assertEquals(0, travel.place.read.size());
    assertEquals(ImmutableSet.of(), target.files());

    transfers.importBox(box("copy"), travel.place.open("web"), new ByteSize(bytes), Progress.NONE);
    transfers.importBox(box("again"), travel.place.open("web"), new ByteSize(1), Progress.NONE);
    target.check();
  }

  @Test
  void an_interrupted_import_leaves_no_box() {
    travel.export();
    beforeStep(3, () -> Thread.currentThread().interrupt());

    assertThrows(InterruptedOperationException.class, () -> travel.importTo(target, "copy"));
    assertTrue(Thread.interrupted());
    assertTrue(target.store.read(view -> view.boxes().list()).isEmpty());
    target.check();
  }

  @Test
  void an_interrupt_ends_an_import_of_layers_that_are_here() {
    travel.export();
    travel.importTo(target, "old");
    long before = bases(target);
    Thread.currentThread().interrupt();

    assertThrows(InterruptedOperationException.class, () -> travel.importTo(target, "copy"));
    assertTrue(Thread.interrupted());
    assertEquals(1, target.store.read(view -> view.boxes().list()).size());
    assertEquals(before, bases(target));
    target.check();
    travel.importTo(target, "copy");
    assertEquals(CONTENT, target.read("copy"));
  }

  @Test
  void a_box_that_exists_is_not_imported_over() {
    travel.export();
    target.create("copy");

    assertThrows(AlreadyExistsException.class, () -> travel.importTo(target, "copy"));
    assertEquals(0, travel.place.read.size());
    assertEquals(Map.of(), target.read("copy"));
  }

  @Test
  void an_absent_artifact_is_not_found() {
    refused(NotFoundException.class);
  }

  // Others at the same time.

  @Test
  void the_name_of_a_box_is_claimed_from_the_start() {
    travel.export();
    beforeStep(2, () -> assertThrows(BusyException.class, () -> target.reopened(1).create("copy")));
    travel.importTo(target, "copy");

    assertEquals(CONTENT, target.read("copy"));
    target.check();
  }

  @Test
  void two_imports_of_one_artifact_at_once_are_both_complete() {
    travel.export();
    beforeStep(3, () -> travel.importTo(target.reopened(1), "other"));
    travel.importTo(target, "copy");

    for (String box : ImmutableList.of("copy", "other")) {
      assertEquals(CONTENT, target.read(box));
      assertEquals(ImmutableList.of("one", "two"), Travel.snapshots(target, box));
    }
    target.check();
  }

  @Test
  void a_collection_during_an_import_deletes_nothing_of_it() {
    travel.export();
    travel.place.beforeEachStep(
        step ->
            target
                .reopened(1)
                .useCases
                .garbageCollection()
                .collect(GarbageCollection.Scope.DEFAULT));
    travel.importTo(target, "copy");

    assertEquals(CONTENT, target.read("copy"));
    target.check();
  }

  @Test
  void layers_whose_files_have_changed_are_transferred() {
    travel.export();
    travel.importTo(target, "first");
    BaseDisk lowest =
        target.store.read(view -> view.bases().list(BaseFilter.ALL)).stream()
            .filter(base -> base.parentId() == null)
            .findFirst()
            .orElseThrow();
    target.disks.alterHeader(
        lowest.diskInfo().basePath(), header -> withBacking(header, "/elsewhere"));
    travel.place.read.clear();
    travel.importTo(target, "second");

    assertEquals(3, travel.place.read.size());
    assertEquals(CONTENT, target.read("second"));
    assertTrue(Arrays.asList("one", "two").containsAll(Travel.snapshots(target, "second")));
  }

  // Unpacking.

  private static final Path UNPACKED = Path.of("/tmp/unpacked");

  @Test
  void an_unpacked_artifact_reads_as_the_disk_and_leaves_the_home_as_it_was() {
    travel.export();
    target.disks.withDirectory(UNPACKED);

    ImageSource unpacked =
        target.useCases.transfers().unpack(travel.place.open("web"), UNPACKED, null, Progress.NONE);

    assertEquals(CONTENT, target.disks.guestReads(unpacked.file()));
    assertEquals(3, unpacked.allowed().size());
    assertEquals(0, bases(target));
  }

  @Test
  void an_unpacked_artifact_becomes_a_rootfs_that_says_where_it_comes_from() {
    travel.export();
    target.disks.withDirectory(UNPACKED);
    ImageSource unpacked =
        target.useCases.transfers().unpack(travel.place.open("web"), UNPACKED, null, Progress.NONE);

    RootfsCache.Entry entry =
        target
            .useCases
            .rootfs()
            .add(new RootfsKey("web"), unpacked, "registry.example/web:1", Progress.NONE);

    BaseDisk base = entry.details().base();
    assertEquals(null, base.parentId());
    assertEquals(CONTENT, target.disks.guestReads(base.diskInfo().basePath()));
    assertEquals("registry.example/web:1", entry.origin());
    target.disks.removeTree(UNPACKED);
    target.check();
  }

  @Test
  void no_layer_is_unpacked_beyond_the_limit() {
    travel.export();
    target.disks.withDirectory(UNPACKED);

    assertThrows(
        RefusedException.class,
        () ->
            target
                .useCases
                .transfers()
                .unpack(travel.place.open("web"), UNPACKED, new ByteSize(1), Progress.NONE));

    assertEquals(ImmutableList.of(), target.disks.list(UNPACKED));
  }
}
