package io.basedisk.domain;

import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.Ports;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryImageLocks.Open;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the sweep takes, and what it leaves alone. */
final class SweepTest {

  private static final Duration GRACE = Duration.ofMinutes(5);
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

  private ImmutableList<Path> sweep() {
    ImmutableList<Path> planned = fleet.useCases.garbageCollection().plan(GRACE).swept();
    ImmutableList<Path> swept = fleet.useCases.garbageCollection().collect(GRACE).swept();
    assertEquals(planned, swept, "planned and swept");
    return swept;
  }

  @Test
  void a_bases_file_that_nobody_knows_goes_after_the_grace() {
    Path file = orphan("orphan01");
    fleet.later(10);
    assertEquals(ImmutableList.of(), sweep());
    fleet.later(LATER);
    assertEquals(ImmutableList.of(file), sweep());
    fleet.check();
  }

  @Test
  void a_box_that_is_removed_while_its_directory_is_swept_is_no_failure() {
    fleet.create("box-1");
    Path directory = disk("box-1").getParent();
    Path temporary = directory.resolve(".disk.qcow2.7.tmp");
    fleet.disks.makeDisk(temporary, 1 << 20);
    boolean[] removed = new boolean[1];
    fleet.beforeEachStep(
        step -> {
          if (step.equals("sync " + directory) && !removed[0]) {
            removed[0] = true;
            fleet.remove("box-1");
          }
        });

    ImmutableList<Path> swept = fleet.useCases.garbageCollection().collect(GRACE).swept();

    assertEquals(ImmutableList.of(temporary), swept);
    assertEquals(Optional.empty(), fleet.disks.status(directory));
    fleet.check();
  }

  @Test
  void a_box_that_is_removed_before_its_directory_is_listed_is_no_failure() {
    fleet.create("box-1");
    Path directory = disk("box-1").getParent();
    Fleet raced =
        fleet.with(
            ports ->
                new Ports(
                    ports.home(),
                    ports.store(),
                    ports.stamp(),
                    beforeListing(directory, () -> fleet.remove("box-1"), ports.files()),
                    ports.images(),
                    ports.locks(),
                    ports.imageLocks(),
                    ports.listener(),
                    ports.clock(),
                    ports.random(),
                    ports.patience()));

    assertEquals(ImmutableList.of(), raced.useCases.garbageCollection().collect(GRACE).swept());
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
  void the_age_of_a_file_is_that_of_its_inode_and_not_of_its_content() {
    Path old = Path.of("/old/disk");
    fleet.disks.makeDisk(old, 1 << 20);
    fleet.later(LATER);
    fleet.disks.sleep(Duration.ofDays(1));
    fleet.disks.link(old, HOME.bases().resolve("linked01.qcow2"));
    assertEquals(ImmutableList.of(), sweep());
  }

  @Test
  void children_go_before_the_parents_that_they_back_onto() {
    Path parent = orphan("aaaaaaaa");
    Path child = orphan("zzzzzzzz");
    backOnto(child, parent);
    fleet.later(LATER);
    assertEquals(ImmutableList.of(child, parent), sweep());
  }

  @Test
  void an_orphan_that_a_disk_backs_onto_stays() {
    fleet.create("web");
    backOnto(disk("web"), orphan("needed01"));
    fleet.later(LATER);
    assertEquals(ImmutableList.of(), sweep());
  }

  @Test
  void an_orphan_that_somebody_has_open_stays() {
    Path file = orphan("opened01");
    fleet.later(LATER);
    try (Open reader = fleet.imageLocks.openForReading(file)) {
      assertEquals(ImmutableList.of(), sweep(), reader::toString);
    }
    assertEquals(ImmutableList.of(file), sweep());
  }

  @Test
  void temporaries_of_operations_that_are_no_more_go_at_once() {
    fleet.create("web");
    Path inBases = HOME.bases().resolve(".aaaaaaaa.qcow2.77.tmp");
    Path besideDisk = disk("web").resolveSibling(".disk.qcow2.78.old");
    fleet.disks.writeBytes(inBases, new byte[1]);
    fleet.disks.writeBytes(besideDisk, new byte[1]);
    assertEquals(ImmutableList.of(inBases, besideDisk), sweep());
    fleet.check();
  }

  @Test
  void what_basedisk_did_not_name_is_never_touched() {
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
    assertEquals(ImmutableList.of(), sweep());
    foreign.forEach(file -> assertTrue(fleet.disks.status(file).isPresent(), file::toString));
  }

  @Test
  void the_files_of_an_operation_under_way_stay() {
    fleet.create("web");
    fleet.later(LATER);
    boolean[] asked = {false};
    fleet.beforeEachStep(
        step -> {
          if (step.startsWith("rename") && !asked[0]) {
            asked[0] = true;
            assertEquals(
                ImmutableList.of(), fleet.useCases.garbageCollection().plan(Duration.ZERO).swept());
          }
        });
    BaseDisk base = fleet.fork("web");
    assertTrue(asked[0] && fleet.exists(base));
    fleet.check();
  }
}
