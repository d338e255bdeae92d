package io.basedisk.domain.transfer;

import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.image.SizeChange;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.snapshot.Snapshots.Mode;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryImageLocks;
import io.basedisk.domain.transfer.Transfers.ExportedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Exports of boxes as one image, in memory. */
final class ImageExportTest {

  private static final Path TARGET = Path.of("/images/web.qcow2");
  private static final Map<Long, String> CONTENT = Map.of(1L, "a", 2L, "b", 3L, "c");

  private final Travel travel = new Travel();
  private final Fleet source = travel.source;

  ImageExportTest() {
    source.disks.withDirectory(TARGET.getParent());
  }

  private ExportedImage export(@Nullable String snapshot, Mode mode, Path target) {
    return export("web", snapshot, mode, target, Progress.NONE);
  }

  private ExportedImage export(
      String box, @Nullable String snapshot, Mode mode, Path target, Progress progress) {
    return source
        .useCases
        .transfers()
        .exportImage(
            new ExportRequest(
                box(box),
                snapshot == null ? null : new SnapshotName(snapshot),
                mode,
                InternalSnapshots.REFUSE,
                new Platform("amd64", "linux")),
            target,
            NewImageFormat.Qcow2.DEFAULT,
            progress);
  }

  private long bases() {
    return source.store.read(view -> view.bases().list(BaseFilter.ALL)).size();
  }

  private boolean exists(Path file) {
    return source.disks.status(file).isPresent();
  }

  @Test
  void an_image_has_the_content_of_the_box_and_no_backing_file() {
    ExportedImage image = export(null, Mode.FORK, TARGET);

    assertEquals(TARGET, image.file());
    assertNull(source.disks.readHeader(TARGET).backing());
    assertEquals(image.virtualSize().bytes(), source.disks.readHeader(TARGET).virtualSize());
    assertEquals(CONTENT, source.disks.guestReads(TARGET));
    assertEquals(CONTENT, source.read("web"));
    source.check();
  }

  @Test
  void an_image_of_a_snapshot_has_its_content_and_makes_no_base() {
    long before = bases();
    export("one", Mode.FORK, TARGET);

    assertEquals(Map.of(1L, "a"), source.disks.guestReads(TARGET));
    assertEquals(before, bases());
  }

  @Test
  void a_running_box_is_exported_by_a_copy_that_is_deleted_afterwards() {
    long before = bases();
    try (InMemoryImageLocks.Open vm = source.imageLocks.startVm(disk("web"))) {
      assertTrue(vm != null);
      assertThrows(RefusedException.class, () -> export(null, Mode.FORK, TARGET));
      export(null, Mode.COPY, TARGET);
    }

    assertEquals(CONTENT, source.disks.guestReads(TARGET));
    assertEquals(before, bases());
    source.check();
  }

  @Test
  void an_unwritten_disk_that_was_grown_gives_an_image_of_its_size() {
    source.fork("web");
    source.useCases.boxes().resize(box("web"), SizeChange.parse("2G"));
    export(null, Mode.FORK, TARGET);

    assertEquals(2L << 30, source.disks.readHeader(TARGET).virtualSize());
    assertEquals(CONTENT, source.disks.guestReads(TARGET));
  }

  @Test
  void a_raw_file_below_is_read() {
    travel.createOnRawFile();
    source.disks.guestWrites(Travel.DB, 3, "more");
    export("db", null, Mode.FORK, TARGET, Progress.NONE);

    assertEquals(source.disks.guestReads(Travel.DB), source.disks.guestReads(TARGET));
  }

  @Test
  void the_progress_of_a_copy_and_of_the_image_is_one() {
    List<Long> done = new ArrayList<>();
    List<Long> totals = new ArrayList<>();
    try (InMemoryImageLocks.Open vm = source.imageLocks.startVm(disk("web"))) {
      assertTrue(vm != null);
      export(
          "web",
          null,
          Mode.COPY,
          TARGET,
          (at, total) -> {
            done.add(at);
            totals.add(total);
          });
    }

    assertTrue(done.size() >= 2, done::toString);
    assertEquals(done.stream().sorted().toList(), done);
    assertEquals(totals.get(totals.size() - 1), done.get(done.size() - 1));
    assertEquals(1, totals.stream().distinct().count(), totals::toString);
  }

  // Refusals.

  @Test
  void an_existing_file_is_not_replaced_and_the_disk_is_not_forked() {
    source.disks.writeBytes(TARGET, new byte[] {1});
    long before = bases();

    assertThrows(AlreadyExistsException.class, () -> export(null, Mode.FORK, TARGET));

    assertEquals(1, source.disks.getStatus(TARGET).length());
    assertEquals(before, bases());
  }

  @Test
  void a_path_in_the_home_is_refused() {
    long before = bases();
    for (Path directory : List.of(Fleet.HOME.bases(), disk("web").getParent(), Fleet.HOME.home())) {
      Path target = directory.resolve("new.qcow2");
      assertThrows(RefusedException.class, () -> export(null, Mode.FORK, target), target::toString);
      assertFalse(exists(target));
    }
    assertEquals(before, bases());
  }

  @Test
  void the_path_of_a_disk_that_is_away_is_refused() {
    Path vm = Path.of("/vms/db/disk.qcow2");
    source.disks.withDirectory(vm.getParent());
    source.disks.makeDisk(vm, 1 << 20);
    source
        .useCases
        .bases()
        .create(
            box("db"),
            vm.getParent(),
            BaseDiskKind.CLONE_BASE,
            null,
            InternalSnapshots.REFUSE,
            ImmutableSet.of());
    source.disks.remove(vm);

    assertThrows(RefusedException.class, () -> export(null, Mode.FORK, vm));
    assertFalse(exists(vm));
  }

  @Test
  void an_absent_box_snapshot_or_directory_is_not_found() {
    assertThrows(
        NotFoundException.class, () -> export("absent", null, Mode.FORK, TARGET, Progress.NONE));
    assertThrows(NotFoundException.class, () -> export("absent", Mode.FORK, TARGET));
    assertThrows(
        NotFoundException.class, () -> export(null, Mode.FORK, Path.of("/absent/web.qcow2")));
  }

  @Test
  void a_foreign_base_that_a_program_writes_to_is_not_exported() {
    travel.createOnRawFile();
    try (InMemoryImageLocks.Open program = source.imageLocks.startVm(Travel.RAW)) {
      assertTrue(program != null);
      assertThrows(
          RefusedException.class, () -> export("db", null, Mode.FORK, TARGET, Progress.NONE));
    }
    export("db", null, Mode.FORK, TARGET, Progress.NONE);
  }

  @Test
  void a_header_that_names_another_file_than_the_record_is_not_followed() {
    BaseDisk base = source.fork("web");
    source.disks.alterHeader(
        base.diskInfo().basePath(),
        header ->
            new ImageHeader(
                header.version(),
                header.virtualSize(),
                new BackingFile("/home/other/secret.qcow2", "qcow2"),
                false,
                false,
                0,
                0));

    assertThrows(InvalidImageException.class, () -> export(null, Mode.FORK, TARGET));
    assertFalse(exists(TARGET));
  }

  // Failures.

  @Test
  void an_interrupt_before_an_export_ends_it_and_no_disk_is_forked() {
    long before = bases();
    Thread.currentThread().interrupt();

    assertThrows(InterruptedOperationException.class, () -> export(null, Mode.FORK, TARGET));

    assertTrue(Thread.interrupted());
    assertEquals(before, bases());
    assertFalse(exists(TARGET));
  }

  @Test
  void an_interrupt_while_the_image_is_written_leaves_neither_image_nor_copy() {
    long before = bases();
    try (InMemoryImageLocks.Open vm = source.imageLocks.startVm(disk("web"))) {
      assertTrue(vm != null);
      source.beforeEachStep(
          step -> {
            if (step.startsWith("export to")) {
              Thread.currentThread().interrupt();
            }
          });
      assertThrows(InterruptedOperationException.class, () -> export(null, Mode.COPY, TARGET));
    }
    source.beforeEachStep(step -> {});

    assertTrue(Thread.interrupted());
    assertFalse(exists(TARGET));
    assertEquals(before, bases());
    source.check();
    export(null, Mode.FORK, TARGET);
    assertEquals(CONTENT, source.disks.guestReads(TARGET));
  }

  @Test
  void a_file_system_that_fails_leaves_no_image() {
    source.beforeEachStep(
        step -> {
          if (step.startsWith("export to")) {
            throw new StorageException("no space left");
          }
        });
    assertThrows(StorageException.class, () -> export(null, Mode.FORK, TARGET));
    source.beforeEachStep(step -> {});

    assertFalse(exists(TARGET));
    assertEquals(CONTENT, source.read("web"));
    source.check();
  }
}
