package io.basedisk.domain.collect;

import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryImageLocks.Open;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Orphans are kept until a user discards them. Then only unneeded orphans are deleted. */
final class OrphansTest {

  private static final Duration GRACE = Duration.ofMinutes(5);
  private static final GarbageCollection.Scope DISCARD = new GarbageCollection.Scope(false, GRACE);
  private static final long LATER = Duration.ofDays(1).toSeconds();

  private final Fleet fleet = new Fleet();

  private Path orphan(String id) {
    Path file = HOME.baseFile(new BaseDiskId(id));
    fleet.disks.makeDisk(file, 1 << 20);
    return file;
  }

  private void backOnto(Path image, Path backing) {
    fleet.disks.alterHeader(
        image,
        header ->
            new ImageHeader(
                3,
                header.virtualSize(),
                new BackingFile(backing.toString(), "qcow2"),
                false,
                false,
                0,
                0));
  }

  private ImmutableList<Path> discard() {
    GarbageCollection.Report planned = fleet.useCases.garbageCollection().plan(DISCARD);
    GarbageCollection.Report done = fleet.useCases.garbageCollection().collect(DISCARD);
    assertEquals(planned.discarded(), done.discarded(), "planned and discarded");
    return done.discarded();
  }

  @Test
  void a_collection_alone_deletes_no_orphan_and_lists_all() {
    fleet.create("web");
    ImmutableList<Path> orphans =
        ImmutableList.of(
            orphan("orphan01"),
            HOME.bases().resolve(".aaaaaaaa.qcow2.77.tmp"),
            HOME.boxDirectory(BoxId.of("lost")),
            disk("web").resolveSibling(".disk.qcow2.78.old"));
    fleet.disks.writeBytes(orphans.get(1), new byte[1]);
    fleet.disks.makeDisk(disk("lost"), 1 << 20);
    fleet.disks.writeBytes(orphans.get(3), new byte[1]);
    fleet.later(LATER);

    GarbageCollection.Report report =
        fleet.useCases.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);

    assertEquals(ImmutableSet.copyOf(orphans), ImmutableSet.copyOf(report.orphans()));
    assertEquals(ImmutableList.of(), report.discarded());
    orphans.forEach(file -> assertTrue(fleet.disks.status(file).isPresent(), file::toString));
  }

  @Test
  void the_disks_of_an_unrecorded_box_are_deleted_but_not_other_files_in_its_directory() {
    fleet.disks.makeDisk(disk("lost"), 1 << 20);
    fleet.disks.makeDisk(disk("kept"), 1 << 20);
    Path notes = disk("kept").resolveSibling("notes.txt");
    fleet.disks.writeBytes(notes, new byte[1]);
    fleet.later(LATER);

    assertEquals(
        ImmutableSet.of(HOME.boxDirectory(BoxId.of("lost")), HOME.boxDirectory(BoxId.of("kept"))),
        ImmutableSet.copyOf(discard()));

    assertEquals(Optional.empty(), fleet.disks.status(HOME.boxDirectory(BoxId.of("lost"))));
    assertEquals(Optional.empty(), fleet.disks.status(disk("kept")));
    assertTrue(fleet.disks.status(notes).isPresent());
  }

  @Test
  void a_base_below_an_unrecorded_box_is_kept_with_the_box() {
    Path base = orphan("orphan01");
    fleet.disks.makeDisk(disk("lost"), 1 << 20);
    backOnto(disk("lost"), base);
    fleet.later(LATER);

    try (Open vm = fleet.imageLocks.openForReading(disk("lost"))) {
      assertEquals(ImmutableList.of(), discard(), vm::toString);
    }

    assertEquals(ImmutableList.of(HOME.boxDirectory(BoxId.of("lost")), base), discard());
  }

  @Test
  void an_unrecorded_base_is_deleted_after_the_grace_period() {
    Path file = orphan("orphan01");
    fleet.later(10);
    assertEquals(ImmutableList.of(), discard());
    fleet.later(LATER);
    assertEquals(ImmutableList.of(file), discard());
    fleet.check();
  }

  @Test
  void the_removal_of_a_box_does_not_fail_a_discard_of_its_orphans() {
    fleet.create("box-1");
    Path directory = disk("box-1").getParent();
    Path temporary = directory.resolve(".disk.qcow2.7.tmp");
    fleet.disks.makeDisk(temporary, 1 << 20);
    fleet.later(LATER);
    boolean[] removed = new boolean[1];
    fleet.beforeEachStep(
        step -> {
          if (step.equals("sync " + directory) && !removed[0]) {
            removed[0] = true;
            fleet.remove("box-1");
          }
        });

    ImmutableList<Path> swept = fleet.useCases.garbageCollection().collect(DISCARD).discarded();

    assertEquals(ImmutableList.of(temporary), swept);
    assertEquals(Optional.empty(), fleet.disks.status(directory));
    fleet.check();
  }

  @Test
  void the_removal_of_a_box_does_not_fail_the_listing_of_its_directory() {
    fleet.create("box-1");
    Path directory = disk("box-1").getParent();
    Fleet raced =
        fleet.with(
            ports ->
                ports.withFiles(
                    beforeListing(directory, () -> fleet.remove("box-1"), ports.files())));

    assertEquals(
        ImmutableList.of(), raced.useCases.garbageCollection().collect(DISCARD).discarded());
    assertEquals(Optional.empty(), fleet.disks.status(directory));
  }

  private static DiskFiles beforeListing(Path directory, Runnable action, DiskFiles files) {
    return (DiskFiles)
        Proxy.newProxyInstance(
            DiskFiles.class.getClassLoader(),
            new Class<?>[] {DiskFiles.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("list") && directory.equals(arguments[0])) {
                action.run();
              }
              try {
                return method.invoke(files, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void a_files_age_counts_from_the_change_of_its_inode_not_of_its_content() {
    Path old = Path.of("/old/disk");
    fleet.disks.makeDisk(old, 1 << 20);
    fleet.later(LATER);
    fleet.disks.sleep(Duration.ofDays(1));
    fleet.disks.link(old, HOME.bases().resolve("linked01.qcow2"));
    assertEquals(ImmutableList.of(), discard());
  }

  @Test
  void children_are_deleted_before_their_parents() {
    Path parent = orphan("aaaaaaaa");
    Path child = orphan("zzzzzzzz");
    backOnto(child, parent);
    fleet.later(LATER);
    assertEquals(ImmutableList.of(child, parent), discard());
  }

  @Test
  void an_orphan_that_a_disk_backs_onto_is_kept() {
    fleet.create("web");
    backOnto(disk("web"), orphan("needed01"));
    fleet.later(LATER);
    assertEquals(ImmutableList.of(), discard());
  }

  @Test
  void an_orphan_that_a_process_has_open_is_kept() {
    Path file = orphan("opened01");
    fleet.later(LATER);
    try (Open reader = fleet.imageLocks.openForReading(file)) {
      assertEquals(ImmutableList.of(), discard(), reader::toString);
    }
    assertEquals(ImmutableList.of(file), discard());
  }

  @Test
  void temporary_files_of_ended_operations_are_deleted_after_the_grace_period() {
    fleet.create("web");
    Path inBases = HOME.bases().resolve(".aaaaaaaa.qcow2.77.tmp");
    Path besideDisk = disk("web").resolveSibling(".disk.qcow2.78.old");
    fleet.disks.writeBytes(inBases, new byte[1]);
    fleet.disks.writeBytes(besideDisk, new byte[1]);
    assertEquals(ImmutableList.of(), discard());
    fleet.later(LATER);
    assertEquals(ImmutableList.of(inBases, besideDisk), discard());
    fleet.check();
  }

  @Test
  void files_with_other_names_than_basedisks_are_never_touched() {
    fleet.create("web");
    ImmutableList<Path> foreign =
        ImmutableList.of(
            HOME.bases().resolve("backup.img"),
            HOME.bases().resolve("tooshort.raw"),
            HOME.bases().resolve("README"),
            HOME.bases().resolve(".hidden"),
            HOME.bases().resolve(".x.0.tmp"),
            HOME.bases().resolve(".x.99999999999999999999.tmp"),
            disk("web").resolveSibling("notes.txt"),
            HOME.boxes().resolve("file"));
    foreign.forEach(file -> fleet.disks.writeBytes(file, new byte[1]));
    fleet.later(LATER);
    assertEquals(ImmutableList.of(), discard());
    foreign.forEach(file -> assertTrue(fleet.disks.status(file).isPresent(), file::toString));
  }

  @Test
  void files_of_a_running_operation_are_kept() {
    fleet.create("web");
    fleet.later(LATER);
    boolean[] asked = {false};
    fleet.beforeEachStep(
        step -> {
          if (step.startsWith("rename") && !asked[0]) {
            asked[0] = true;
            assertEquals(
                ImmutableList.of(),
                fleet.useCases.garbageCollection().plan(GarbageCollection.Scope.DEFAULT).orphans());
          }
        });
    BaseDisk base = fleet.fork("web");
    assertTrue(asked[0] && fleet.exists(base));
    fleet.check();
  }
}
