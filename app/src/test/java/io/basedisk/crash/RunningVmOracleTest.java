package io.basedisk.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.basedisk.app.BaseDisks;
import io.basedisk.app.DiskFilesProxy;
import io.basedisk.app.HomeListing;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.KeepReason;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.snapshot.Snapshots;
import io.basedisk.domain.testing.Content;
import io.basedisk.domain.testing.TestNotes;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.testing.Qemu;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** QEMU on the disks of a home, before and during operations on them. */
@Tag("oracle")
class RunningVmOracleTest {

  private static final BoxId BOX = BoxId.of("box");

  /**
   * Number of VMs that try to start in a race. More start until one VM has written and one fork is
   * done.
   */
  private static final int STARTS = 100;

  private static final int PAGE = 4096;

  @RegisterExtension private final TestNotes notes = new TestNotes();

  @TempDir private Path directory;
  private OpenHome home;
  private Path disk;
  private byte[] expected;

  @BeforeEach
  void make_a_home() throws IOException {
    Qemu.assumeInstalled();
    home = OpenHome.open(directory.toRealPath().resolve("home"));
    Sample.make(home, "box");
    disk = home.disk("box");
    expected = Qemu.read(disk);
  }

  @AfterEach
  void close_the_home() {
    if (home != null) {
      home.close();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FORK", "SNAPSHOT", "RESTORE", "CLONE", "REMOVE"})
  void an_operation_on_the_disk_of_a_running_vm_is_refused_and_changes_nothing(
      Operation operation) {
    try (QemuProcess vm = QemuProcess.writing(disk)) {
      Map<String, String> before = HomeListing.of(home.disks.home().home());

      RefusedException refusal =
          assertThrows(RefusedException.class, () -> operation.perform(home.disks, "box"));

      assertTrue(refusal.getMessage().contains(disk.toString()), refusal.getMessage());
      assertTrue(refusal.getMessage().contains("qemu-io"), refusal.getMessage());
      assertEquals(before, HomeListing.of(home.disks.home().home()));
      vm.write(0xab, 0);
    }
    Audit.checkWhole(home);
  }

  @Test
  void a_base_that_a_reader_has_open_stays_and_goes_with_a_later_operation() {
    BoxId clone = BoxId.of("clone");
    BoxId second = BoxId.of("second");
    home.disks.boxes().create(second, Content.VIRTUAL_SIZE);
    home.guests.write(home.disk("second"), 0, 7);
    BaseDisk base = home.disks.clones().cloneBox(second, ImmutableList.of(clone)).base();
    home.disks.boxes().remove(second, SnapshotsOnRemoval.REFUSE);
    try (QemuProcess reader = QemuProcess.reading(home.disk("clone"))) {
      CollectionReport report = home.disks.boxes().remove(clone, SnapshotsOnRemoval.REFUSE);

      KeepReason reason = report.kept().get(base.id());
      assertInstanceOf(KeepReason.OpenIn.class, reason);
      assertTrue(reason.describe().contains("qemu-io"), reason.describe());
      assertTrue(Files.exists(base.diskInfo().basePath()));
    }

    home.disks.bases().create(BOX, BaseDiskKind.CLONE_BASE, null);

    assertFalse(Files.exists(base.diskInfo().basePath()));
    Audit.checkWhole(home);
  }

  @Test
  void a_vm_without_locks_that_opens_the_disk_during_a_fork_keeps_it() {
    checkUndone(QemuProcess::writingWithoutLocks);
  }

  @Test
  void a_vm_that_opens_the_disk_during_a_fork_and_locks_it_later_keeps_it() {
    QemuProcess.assumeInstalled("strace");
    checkUndone(QemuProcess::writingWithLateLocks);
  }

  /**
   * A VM that opens the disk after all checks, but before the overlay replaces it, makes the fork
   * roll back.
   */
  private void checkUndone(Function<Path, QemuProcess> start) {
    QemuProcess[] vm = new QemuProcess[1];
    DiskImages images = beforeOverlay(() -> vm[0] = start.apply(disk));
    try (BaseDisks disks =
        BaseDisks.builder().home(home.disks.home().home()).images(images).open()) {
      assertThrows(
          RefusedException.class, () -> disks.bases().create(BOX, BaseDiskKind.CLONE_BASE, null));
    }
    try (QemuProcess running = vm[0]) {
      running.write(0xcd, 5 * PAGE);
    }

    Arrays.fill(expected, 5 * PAGE, 6 * PAGE, (byte) 0xcd);
    assertArrayEquals(expected, Qemu.read(disk), "what the VM wrote is not in its disk");
    Qemu.check(disk);
    Audit.checkWhole(home);
  }

  @Test
  void a_vm_that_starts_on_the_overlay_of_a_fork_that_can_not_stay_keeps_it() {
    QemuProcess[] vms = new QemuProcess[2];
    DiskFiles files = afterFirstRename(() -> vms[1] = QemuProcess.writing(disk));
    DiskImages images = beforeOverlay(() -> vms[0] = QemuProcess.writingWithoutLocks(disk));
    try (BaseDisks disks =
        BaseDisks.builder().home(home.disks.home().home()).images(images).files(files).open()) {
      assertThrows(
          RefusedException.class, () -> disks.bases().create(BOX, BaseDiskKind.CLONE_BASE, null));
    }
    try (QemuProcess onOverlay = vms[1]) {
      vms[0].close();
      onOverlay.write(0xcd, 5 * PAGE);
    }

    // No process writes any more, so an undecided operation can be settled now.
    home.disks.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);

    Arrays.fill(expected, 5 * PAGE, 6 * PAGE, (byte) 0xcd);
    assertArrayEquals(expected, Qemu.read(disk), "what the VM wrote is not in its disk");
    Audit.checkWhole(home);
  }

  @Test
  void a_disk_whose_vm_pauses_is_copied_and_the_vm_goes_on() {
    try (QemuProcess vm = QemuProcess.writing(disk)) {
      vm.write(0xab, 3 * PAGE);
      Arrays.fill(expected, 3 * PAGE, 4 * PAGE, (byte) 0xab);

      Operation.COPY.perform(home.disks, "box");

      vm.write(0xcd, 5 * PAGE);
    }
    Path copied = home.findSnapshot("box", "second").orElseThrow();
    assertArrayEquals(expected, Qemu.read(copied));
    Qemu.check(copied);
    Qemu.check(disk);
    home.disks
        .clones()
        .cloneSnapshot(BOX, new SnapshotName("second"), ImmutableList.of(BoxId.of("clone")));
    assertArrayEquals(expected, Qemu.read(home.disk("clone")));
    Arrays.fill(expected, 5 * PAGE, 6 * PAGE, (byte) 0xcd);
    assertArrayEquals(expected, Qemu.read(disk));
    Audit.checkWhole(home);
  }

  @Test
  void a_copy_of_a_disk_whose_vm_writes_during_it_is_refused_and_leaves_nothing() {
    try (QemuProcess vm = QemuProcess.writing(disk)) {
      DiskFiles files = beforeCopy(() -> vm.write(0xab, 3 * PAGE));
      try (BaseDisks disks =
          BaseDisks.builder().home(home.disks.home().home()).files(files).open()) {
        RefusedException refusal =
            assertThrows(RefusedException.class, () -> Operation.COPY.perform(disks, "box"));
        assertTrue(refusal.getMessage().contains("was written to"), refusal.getMessage());
      }
    }
    assertEquals(Optional.empty(), home.findSnapshot("box", "second"));
    Arrays.fill(expected, 3 * PAGE, 4 * PAGE, (byte) 0xab);
    assertArrayEquals(expected, Qemu.read(disk));
    Audit.checkWhole(home);
  }

  @Test
  void bitmaps_that_a_vm_has_in_use_are_left_in_the_copy_and_the_disk_keeps_its_own() {
    Qemu.img("bitmap", "--add", disk, "backup");
    try (QemuProcess vm = QemuProcess.writing(disk)) {
      vm.write(0xab, 3 * PAGE);
      RefusedException refusal =
          assertThrows(RefusedException.class, () -> Operation.COPY.perform(home.disks, "box"));
      assertInstanceOf(Remedy.DropInternal.class, refusal.remedy().orElseThrow());

      home.disks
          .snapshots()
          .create(
              BOX,
              new SnapshotName("second"),
              Snapshots.Mode.COPY,
              InternalSnapshots.LEAVE_IN_BASE);
    }
    Path copied = home.findSnapshot("box", "second").orElseThrow();
    String info = Qemu.img("info", copied);
    assertTrue(info.contains("name: backup") && info.contains("in-use"), info);
    assertFalse(Qemu.img("info", disk).contains("in-use"));
    Qemu.check(copied);
    home.disks
        .clones()
        .cloneSnapshot(BOX, new SnapshotName("second"), ImmutableList.of(BoxId.of("clone")));
    assertFalse(Qemu.img("info", home.disk("clone")).contains("backup"));
    Arrays.fill(expected, 3 * PAGE, 4 * PAGE, (byte) 0xab);
    assertArrayEquals(expected, Qemu.read(home.disk("clone")));
    Audit.checkWhole(home);
  }

  @Test
  void a_disk_whose_vm_leaves_its_refcounts_for_later_is_not_copied() {
    Qemu.img("amend", "-f", "qcow2", "-o", "lazy_refcounts=on", disk);
    try (QemuProcess vm = QemuProcess.writing(disk)) {
      vm.write(0xab, 30 * PAGE);
      RefusedException refusal =
          assertThrows(RefusedException.class, () -> Operation.COPY.perform(home.disks, "box"));
      assertTrue(refusal.getMessage().contains("lazy_refcounts"), refusal.getMessage());
    }
    Operation.COPY.perform(home.disks, "box");
    Audit.checkWhole(home);
  }

  private static DiskFiles beforeCopy(Runnable action) {
    return DiskFilesProxy.of(
        (step, path) -> {
          if (step.equals("copy")) {
            action.run();
          }
        });
  }

  private static DiskFiles afterFirstRename(Runnable action) {
    DiskFiles real = new LocalDiskFiles(OperatingSystem.current());
    AtomicBoolean done = new AtomicBoolean();
    return (DiskFiles)
        Proxy.newProxyInstance(
            DiskFiles.class.getClassLoader(),
            new Class<?>[] {DiskFiles.class},
            (proxy, method, arguments) -> {
              try {
                Object result = method.invoke(real, arguments);
                if (method.getName().equals("rename") && done.compareAndSet(false, true)) {
                  action.run();
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static DiskImages beforeOverlay(Runnable action) {
    DiskImages real = new Qcow2DiskImages();
    return (DiskImages)
        Proxy.newProxyInstance(
            DiskImages.class.getClassLoader(),
            new Class<?>[] {DiskImages.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("createOverlay")) {
                action.run();
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void vms_that_start_all_the_time_and_forks_all_the_time_never_cost_a_write() throws Exception {
    AtomicBoolean isOver = new AtomicBoolean();
    Map<BaseDisk, String> digests = new ConcurrentHashMap<>();
    int[] refused = {0};
    Thread forks =
        new Thread(
            () -> {
              while (!isOver.get()) {
                try {
                  BaseDisk base = home.disks.bases().create(BOX, BaseDiskKind.CLONE_BASE, null);
                  digests.put(base, digest(base));
                } catch (RefusedException vmRuns) {
                  refused[0]++;
                }
              }
            });
    forks.start();
    int started = 0;
    int kept = 0;
    for (int i = 1; i <= STARTS || (forks.isAlive() && (started == 0 || digests.isEmpty())); i++) {
      int offset = i % 64 * PAGE;
      if (writesOnce(1 + i % 255, offset)) {
        Arrays.fill(expected, offset, offset + PAGE, (byte) (1 + i % 255));
        started++;
      } else {
        kept++;
      }
    }
    isOver.set(true);
    forks.join();
    // A VM may have kept the last fork undecided. The VM has ended now.
    home.disks.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);

    notes.add(
        "%d VMs wrote, %d were kept from it; %d forks, %d refused",
        started, kept, digests.size(), refused[0]);
    assertArrayEquals(expected, Qemu.read(disk), "a write is lost");
    digests.forEach((base, digest) -> assertEquals(digest, digest(base), "a base has changed"));
    assertTrue(started > 0 && !digests.isEmpty(), "there was no race");
    Qemu.check(disk);
    Audit.checkWhole(home);
  }

  /** Returns whether QEMU could open the disk and write to it. */
  private boolean writesOnce(int pattern, int offset) throws Exception {
    Process process =
        new ProcessBuilder(
                "qemu-io",
                "-f",
                "qcow2",
                "-c",
                "write -P " + pattern + " " + offset + " " + PAGE,
                disk.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    if (output.contains("wrote " + PAGE + "/" + PAGE)) {
      return true;
    }
    assertTrue(output.contains("lock"), output);
    return false;
  }

  private static String digest(BaseDisk base) {
    try {
      return MoreFiles.asByteSource(base.diskInfo().basePath()).hash(Hashing.sha256()).toString();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
