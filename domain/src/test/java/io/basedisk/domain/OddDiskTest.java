package io.basedisk.domain;

import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static io.basedisk.domain.testing.Fleet.guestRootfs;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.Immutable;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.doctor.Doctor.Depth;
import io.basedisk.domain.doctor.Finding;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.testing.Fleet;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is at a disk's path and is no disk of the box is refused by name, and never followed; a
 * removal of the box takes the name away.
 */
final class OddDiskTest {

  private static final SnapshotName DAILY = new SnapshotName("daily");
  private static final RootfsKey KEY = new RootfsKey("debian");
  private static final Path ELSEWHERE = Path.of("/elsewhere/disk.qcow2");

  private final Fleet fleet = new Fleet();

  /** What takes the place of a disk, and what messages call it. */
  private enum Oddity {
    LINK("is a symbolic link", (fleet, disk) -> fleet.disks.symlink(disk, disk("victim"))),
    LINK_TO_A_BASE(
        "is a symbolic link",
        (fleet, disk) ->
            fleet.disks.symlink(
                disk,
                fleet.store.read(
                    view ->
                        view.bases()
                            .find(view.references().listOf(box("victim")).get(0).base())
                            .orElseThrow()
                            .diskInfo()
                            .basePath()))),
    FIFO("is a FIFO", (fleet, disk) -> fleet.disks.makeFifo(disk)),
    DIRECTORY("is a directory", (fleet, disk) -> fleet.disks.withDirectory(disk)),
    SECOND_NAME("has 2 names", (fleet, disk) -> fleet.disks.link(disk("victim"), disk));

    private final String called;
    private final Maker maker;

    Oddity(String called, Maker maker) {
      this.called = called;
      this.maker = maker;
    }

    void replace(Fleet fleet, Path disk) {
      fleet.disks.remove(disk);
      maker.make(fleet, disk);
    }
  }

  @Immutable
  @FunctionalInterface
  private interface Maker {
    void make(Fleet fleet, Path disk);
  }

  @Immutable
  @FunctionalInterface
  private interface Steps {
    void take(Fleet fleet);
  }

  /** What is done to a box. */
  private enum Work {
    FORK(fleet -> fleet.fork("web")),
    SNAPSHOT(fleet -> fleet.snapshot("web", "weekly")),
    COPY(fleet -> fleet.copy("web", "weekly")),
    ROOTFS(fleet -> fleet.useCases.bases().create(box("web"), BaseDiskKind.ROOTFS, null)),
    RESTORE(fleet -> fleet.restore("web", "daily")),
    COMPACT(fleet -> fleet.compact("web", 1)),
    PLAN(fleet -> fleet.useCases.compactions().plan(box("web"), new MaxDepth(1))),
    CLONE(fleet -> fleet.cloneBox("web", "clone")),
    CLONE_OF_SNAPSHOT(
        fleet ->
            fleet
                .useCases
                .clones()
                .cloneSnapshot(box("web"), DAILY, ImmutableList.of(box("clone")))),
    ATTACH(fleet -> fleet.useCases.rootfs().attach(box("web"), KEY));

    private final Steps steps;

    Work(Steps steps) {
      this.steps = steps;
    }
  }

  @BeforeEach
  void aBoxWithSnapshotsAndAVictim() {
    fleet.create("web", "victim");
    fleet.write("web", 1, "web");
    fleet.snapshot("web", "daily");
    fleet.write("web", 2, "more");
    fleet.fork("web");
    fleet.write("victim", 1, "victim");
    fleet.fork("victim");
    fleet.write("victim", 2, "secret");
    fleet.addRootfs(KEY.value(), fleet.image("debian.qcow2", "debian"));
  }

  @ParameterizedTest
  @EnumSource
  void every_operation_but_the_removal_refuses_it_by_name(Oddity oddity) {
    oddity.replace(fleet, disk("web"));
    Map<Long, String> victim = fleet.read("victim");
    ImmutableSet<Path> files = ImmutableSet.copyOf(fleet.disks.list());
    for (Work work : Work.values()) {
      RefusedException refusal =
          assertThrows(RefusedException.class, () -> work.steps.take(fleet), work::name);
      assertTrue(
          refusal.getMessage().startsWith(disk("web") + ": " + oddity.called),
          () -> work + ": " + refusal.getMessage());
      assertEquals(files, ImmutableSet.copyOf(fleet.disks.list()), work::name);
    }
    assertEquals(victim, fleet.read("victim"));
    assertEquals(ImmutableList.of(), fleet.store.read(view -> view.intents().list()));
  }

  @ParameterizedTest
  @EnumSource
  void its_content_is_not_imported(Oddity oddity) {
    if (oddity == Oddity.SECOND_NAME) {
      return; // Its owner could have copied it.
    }
    oddity.replace(fleet, disk("web"));
    RefusedException refusal =
        assertThrows(
            RefusedException.class,
            () ->
                fleet
                    .useCases
                    .boxes()
                    .createFromImage(
                        box("import"), ImageSource.qcow2(disk("web")), null, Progress.NONE));
    assertTrue(refusal.getMessage().startsWith(disk("web") + ": " + oddity.called));
  }

  @ParameterizedTest
  @EnumSource
  void a_restore_refuses_it_as_the_disk_that_goes(Oddity oddity) {
    fleet.useCases.rootfs().attach(box("web"), KEY);
    oddity.replace(fleet, guestRootfs("web"));
    RefusedException refusal =
        assertThrows(RefusedException.class, () -> fleet.restore("web", "daily"));
    assertTrue(refusal.getMessage().startsWith(guestRootfs("web") + ": " + oddity.called));
  }

  @ParameterizedTest
  @EnumSource
  void doctor_says_what_it_is(Oddity oddity) {
    oddity.replace(fleet, disk("web"));
    ImmutableList<Finding> findings = fleet.useCases.doctor().repair(Depth.METADATA).findings();
    Finding finding =
        findings.stream().filter(f -> f.file().equals(disk("web"))).findFirst().orElseThrow();
    assertEquals(Finding.Kind.NOT_A_DISK, finding.kind());
    assertTrue(finding.detail().startsWith(oddity.called), finding::toString);
  }

  @ParameterizedTest
  @EnumSource
  void the_removal_of_the_box_takes_its_name_away_and_says_so(Oddity oddity) {
    Map<Long, String> victim = fleet.read("victim");
    oddity.replace(fleet, disk("web"));
    fleet.useCases.boxes().remove(box("web"), SnapshotsOnRemoval.REMOVE);
    assertFalse(fleet.disks.status(HOME.boxDirectory(box("web"))).isPresent());
    assertEquals(
        ImmutableMap.of(disk("web"), oddity.called),
        fleet.events.stream()
            .filter(Event.RemovedByName.class::isInstance)
            .map(Event.RemovedByName.class::cast)
            .collect(
                ImmutableMap.toImmutableMap(Event.RemovedByName::path, Event.RemovedByName::what)));
    assertEquals(victim, fleet.read("victim"));
    fleet.check();
  }

  @Test
  void the_removal_of_the_box_leaves_a_directory_with_content_and_says_so() {
    Path content = disk("web").resolve("content");
    fleet.disks.remove(disk("web"));
    fleet.disks.withDirectory(content);
    fleet.useCases.boxes().remove(box("web"), SnapshotsOnRemoval.REMOVE);
    assertTrue(fleet.store.read(view -> view.boxes().find(box("web"))).isEmpty());
    assertEquals(ImmutableList.of(), fleet.store.read(view -> view.intents().list()));
    assertTrue(fleet.disks.status(content).isPresent());
    assertTrue(
        fleet.events.contains(
            new Event.LeftInPlace(
                fleet.lastOperation(),
                box("web"),
                disk("web"),
                "is a directory that is not empty")),
        fleet.events::toString);
  }

  private Path moveAway(String directory) {
    Path moved = HOME.boxDirectory(box("web"));
    if (directory.equals("disks")) {
      moved = moved.resolve("disks");
    }
    fleet.disks.withDirectory(Path.of("/elsewhere"));
    fleet.disks.makeDisk(ELSEWHERE, 512);
    fleet.disks.withDirectory(Path.of("/elsewhere/disks"));
    fleet.disks.makeDisk(Path.of("/elsewhere/disks/disk.qcow2"), 512);
    fleet.disks.remove(disk("web"));
    fleet.disks.remove(disk("web").getParent());
    fleet.disks.remove(moved);
    fleet.disks.symlink(moved, Path.of("/elsewhere"));
    return moved;
  }

  @ParameterizedTest
  @CsvSource({"box", "disks"})
  void a_directory_that_is_a_link_is_refused_by_name_before_anything_is_changed(String which) {
    Path link = moveAway(which);
    for (Work work : Work.values()) {
      RefusedException refusal =
          assertThrows(RefusedException.class, () -> work.steps.take(fleet), work::name);
      assertTrue(
          refusal.getMessage().startsWith(link + ": is a symbolic link"),
          () -> work + ": " + refusal.getMessage());
    }
    RefusedException refusal =
        assertThrows(
            RefusedException.class,
            () -> fleet.useCases.boxes().remove(box("web"), SnapshotsOnRemoval.REMOVE));
    assertTrue(refusal.getMessage().startsWith(link + ": is a symbolic link"));
    assertEquals(ImmutableList.of(), fleet.store.read(view -> view.intents().list()));
    assertTrue(fleet.disks.status(ELSEWHERE).isPresent());

    fleet.disks.remove(link);
    fleet.useCases.boxes().remove(box("web"), SnapshotsOnRemoval.REMOVE);
    assertTrue(fleet.disks.status(ELSEWHERE).isPresent());
    fleet.check();
  }

  @ParameterizedTest
  @CsvSource({"box", "disks"})
  void a_directory_that_becomes_a_link_during_the_removal_is_not_followed(String which) {
    fleet.beforeEachStep(
        step -> {
          if (step.equals("remove " + disk("web"))) {
            throw new IllegalStateException("killed");
          }
        });
    assertThrows(
        IllegalStateException.class,
        () -> fleet.useCases.boxes().remove(box("web"), SnapshotsOnRemoval.REMOVE));
    Fleet next = fleet.afterKill();
    Path link = moveAway(which);
    next.useCases.recover();
    assertEquals(ImmutableList.of(), next.store.read(view -> view.intents().list()));
    assertTrue(next.disks.status(ELSEWHERE).isPresent());
    assertTrue(next.disks.status(Path.of("/elsewhere/disks/disk.qcow2")).isPresent());
    assertTrue(
        next.events.stream()
            .anyMatch(event -> event instanceof Event.LeftInPlace left && left.path().equals(link)),
        next.events::toString);
  }

  @ParameterizedTest
  @EnumSource
  void a_box_that_is_not_registered_is_refused_with_an_odd_guest_rootfs_disk(Oddity oddity) {
    Path disksDir = Path.of("/boxes/new");
    fleet.disks.makeDisk(disksDir.resolve("disk.qcow2"), 1 << 20);
    Path odd = disksDir.resolve("guest-rootfs.qcow2");
    oddity.maker.make(fleet, odd);
    if (oddity == Oddity.SECOND_NAME) {
      fleet.useCases.bases().create(box("new"), disksDir, BaseDiskKind.CLONE_BASE, null);
      return; // It is only read, and the base below it referenced.
    }
    RefusedException refusal =
        assertThrows(
            RefusedException.class,
            () ->
                fleet.useCases.bases().create(box("new"), disksDir, BaseDiskKind.CLONE_BASE, null));
    assertTrue(refusal.getMessage().startsWith(odd + ": " + oddity.called), refusal::getMessage);
    assertEquals(ImmutableList.of(), fleet.store.read(view -> view.intents().list()));
  }
}
