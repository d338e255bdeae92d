package io.basedisk.domain;

import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.compact.Compactions;
import io.basedisk.domain.doctor.Doctor.Depth;
import io.basedisk.domain.doctor.Finding;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.testing.Fleet;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One box, whatever its owner does to it, stops no command that is about the whole home. */
final class OneBoxTest {

  private final Fleet fleet = new Fleet();
  private BaseDisk badBase;

  @Immutable
  @FunctionalInterface
  private interface Happening {
    void to(Fleet fleet, Path disk);
  }

  /** What becomes of the disk of the box "bad". */
  private enum Accident {
    LINK_TO_ITSELF((fleet, disk) -> replace(fleet, disk, () -> fleet.disks.symlink(disk, disk))),
    LINK_TO_NOTHING(
        (fleet, disk) ->
            replace(fleet, disk, () -> fleet.disks.symlink(disk, Path.of("/nowhere/disk")))),
    LINK_TO_ANOTHER_BOX(
        (fleet, disk) -> replace(fleet, disk, () -> fleet.disks.symlink(disk, disk("good")))),
    FIFO((fleet, disk) -> replace(fleet, disk, () -> fleet.disks.makeFifo(disk))),
    DIRECTORY((fleet, disk) -> replace(fleet, disk, () -> fleet.disks.withDirectory(disk))),
    UNREADABLE((fleet, disk) -> fleet.disks.makeUnreadable(disk)),
    UNREACHABLE((fleet, disk) -> fleet.disks.makeUnreachable(disk.getParent())),
    NOT_AN_IMAGE((fleet, disk) -> fleet.disks.writeBytes(disk, new byte[] {1})),
    BACKS_ONTO_A_LOOP(
        (fleet, disk) -> {
          Path loop = disk.resolveSibling("loop");
          fleet.disks.symlink(loop, loop);
          fleet.disks.alterHeader(
              disk,
              h ->
                  new ImageHeader(
                      3,
                      h.virtualSize(),
                      new BackingFile(loop.toString(), "qcow2"),
                      false,
                      false,
                      0,
                      0));
        });

    private final Happening happens;

    Accident(Happening happens) {
      this.happens = happens;
    }

    private static void replace(Fleet fleet, Path disk, Runnable replacement) {
      fleet.disks.remove(disk);
      replacement.run();
    }
  }

  @BeforeEach
  void boxesOnBasesOfTheirOwn() {
    fleet.create("bad", "good");
    fleet.write("bad", 1, "bad");
    badBase = fleet.fork("bad");
    fleet.write("bad", 2, "more");
    fleet.write("good", 1, "good");
    fleet.fork("good");
    fleet.write("good", 2, "more");
    fleet.fork("good");
  }

  private void happens(Accident accident) {
    accident.happens.to(fleet, disk("bad"));
  }

  private GarbageCollection.Report gc() {
    return fleet.useCases.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);
  }

  private boolean isToldThatNotRead(Path file) {
    return fleet.events.stream()
        .anyMatch(event -> event instanceof Event.NotRead told && told.file().equals(file));
  }

  @ParameterizedTest
  @EnumSource
  void gc_completes_tells_of_the_disk_and_keeps_its_recorded_base(Accident accident) {
    BaseDisk unneeded = baseThatNothingNeeds();
    happens(accident);
    assertEquals(
        ImmutableList.of(unneeded.id()),
        fleet
            .useCases
            .garbageCollection()
            .plan(GarbageCollection.Scope.DEFAULT)
            .bases()
            .collected());
    assertEquals(ImmutableList.of(unneeded.id()), gc().bases().collected());
    assertTrue(fleet.exists(badBase));
    assertTrue(isToldThatNotRead(disk("bad")), fleet.events::toString);
  }

  private BaseDisk baseThatNothingNeeds() {
    fleet.create("gone");
    BaseDisk base = fleet.fork("gone");
    fleet.store.change(
        tx -> {
          tx.references().deleteOf(box("gone"));
          tx.boxes().delete(box("gone"));
        });
    fleet.disks.remove(disk("gone"));
    return base;
  }

  @ParameterizedTest
  @EnumSource
  void doctor_completes_and_finds_the_disk(Accident accident) {
    happens(accident);
    ImmutableList<Finding> findings = fleet.useCases.doctor().repair(Depth.CONTENT).findings();
    assertEquals(
        ImmutableList.of(disk("bad")),
        findings.stream().map(Finding::file).distinct().collect(ImmutableList.toImmutableList()),
        findings::toString);
    assertEquals(1, fleet.store.read(view -> view.references().listOf(box("bad"))).size());
  }

  @ParameterizedTest
  @EnumSource
  void the_list_of_boxes_is_complete(Accident accident) {
    happens(accident);
    ImmutableList<BoxDetails> boxes = fleet.useCases.boxes().list();
    assertEquals(2, boxes.size());
    boxes.forEach(
        box ->
            assertEquals(
                box.box().id().equals(box("bad")),
                box.disk() instanceof BoxDetails.DiskState.Unknown,
                box::toString));
    assertInstanceOf(
        BoxDetails.DiskState.Unknown.class, fleet.useCases.boxes().get(box("bad")).disk());
  }

  @ParameterizedTest
  @EnumSource
  void the_accounts_of_space_are_complete(Accident accident) {
    happens(accident);
    assertEquals(2, fleet.useCases.space().ofHome().boxes().size());
    assertEquals(2, fleet.useCases.lineage().trees().size());
  }

  @ParameterizedTest
  @EnumSource
  void compaction_of_all_boxes_skips_the_box_and_says_why(Accident accident) {
    happens(accident);
    Compactions compactions = fleet.useCases.compactions();
    MaxDepth limit = new MaxDepth(1);
    assertTrue(compactions.planAll(limit).skipped().containsKey(box("bad")));
    Compactions.FleetOutcome outcome = compactions.compactAll(limit, Progress.NONE);
    assertEquals(1, outcome.compacted().size());
    assertTrue(outcome.skipped().containsKey(box("bad")));
  }

  @ParameterizedTest
  @EnumSource
  void eviction_of_rootfs_and_opening_complete(Accident accident) {
    fleet.addRootfs("debian", fleet.image("debian.qcow2", "debian"));
    happens(accident);
    fleet.useCases.recover();
    assertEquals(1, fleet.useCases.rootfs().prune(0).keys().size());
    assertTrue(fleet.exists(badBase));
  }

  @ParameterizedTest
  @EnumSource
  void other_boxes_work_as_ever(Accident accident) {
    happens(accident);
    fleet.write("good", 3, "later");
    fleet.snapshot("good", "daily");
    fleet.cloneBox("good", "clone");
    fleet.restore("good", "daily");
    assertEquals("later", fleet.read("good").get(3L));
    fleet.remove("clone");
  }

  @Test
  void a_directory_named_as_a_temporary_is_not_swept() {
    Path directory = HOME.disksDirectory(box("good")).resolve(".disk.qcow2.5.tmp");
    fleet.disks.withDirectory(directory.resolve("content"));
    gc();
    assertTrue(fleet.disks.status(directory.resolve("content")).isPresent());
  }

  @Test
  void a_link_in_the_boxes_directory_is_not_followed_by_the_sweep() {
    Path elsewhere = Path.of("/elsewhere/disks");
    Path foreign = elsewhere.resolve(".disk.qcow2.5.tmp");
    fleet.disks.makeDisk(foreign, 512);
    fleet.disks.withDirectory(HOME.boxes().resolve("l2"));
    fleet.disks.symlink(HOME.boxes().resolve("l2").resolve("disks"), elsewhere);
    fleet.disks.symlink(HOME.boxes().resolve("l3"), elsewhere.getParent());
    gc();
    assertTrue(fleet.disks.status(foreign).isPresent());
  }

  @Test
  void a_name_that_nothing_can_be_asked_about_is_told_of_and_left() {
    Path name = HOME.boxes().resolve("unspeakable");
    fleet.disks.withDirectory(name.resolve("disks"));
    fleet.disks.makeUnreachable(name);
    Path temporary = HOME.bases().resolve(".unspeakable.5.tmp");
    fleet.disks.writeBytes(temporary, new byte[0]);
    fleet.disks.makeUnreachable(temporary);
    gc();
    assertTrue(isToldThatNotRead(name), fleet.events::toString);
    assertTrue(isToldThatNotRead(temporary), fleet.events::toString);
    assertEquals(
        ImmutableList.of(temporary, name),
        fleet.useCases.doctor().examine(Depth.METADATA).findings().stream()
            .map(Finding::file)
            .collect(ImmutableList.toImmutableList()));
  }

  @Test
  void a_base_that_can_not_be_read_is_found_and_keeps_what_it_stands_on() {
    fleet.write("bad", 3, "above");
    BaseDisk above = fleet.fork("bad");
    fleet.disks.makeUnreadable(above.diskInfo().basePath());
    gc();
    assertTrue(fleet.exists(badBase));
    assertTrue(isToldThatNotRead(above.diskInfo().basePath()));
    assertFalse(fleet.useCases.doctor().repair(Depth.CONTENT).findings().isEmpty());
  }

  @Test
  void a_time_at_the_end_of_all_times_is_one_like_any_other() {
    fleet.disks.setModifiedAt(disk("bad"), Instant.MAX);
    fleet.snapshot("bad", "daily");
    fleet.disks.setModifiedAt(disk("bad"), Instant.MAX);
    fleet.compact("bad", 1);
    gc();
    assertEquals("more", fleet.read("bad").get(2L));
    assertEquals(ImmutableList.of(), fleet.useCases.doctor().examine(Depth.CONTENT).findings());
  }
}
