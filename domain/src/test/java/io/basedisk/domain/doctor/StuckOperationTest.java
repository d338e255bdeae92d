package io.basedisk.domain.doctor;

import static io.basedisk.domain.testing.Examined.findings;
import static io.basedisk.domain.testing.Examined.only;
import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import io.basedisk.domain.box.Boxes.ForeignDisks;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.doctor.Finding.Kind;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.intent.ForkIntent;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.testing.Fleet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An operation that can't be settled is given up without loss of content. */
final class StuckOperationTest {

  private final Fleet fleet = new Fleet();
  private BaseDisk first;

  @BeforeEach
  void aBoxOnABase() {
    fleet.create("web");
    fleet.write("web", 1, "first");
    first = fleet.fork("web");
    fleet.write("web", 2, "second");
  }

  /** Kills {@code operation} before the first step whose name has this prefix. */
  private Fleet killedBefore(String step, Runnable operation) {
    AtomicBoolean isKilled = new AtomicBoolean();
    fleet.beforeEachStep(
        next -> {
          if (next.startsWith(step)) {
            isKilled.set(true);
          }
          if (isKilled.get()) {
            throw new AssertionError("killed");
          }
        });
    assertThrows(AssertionError.class, operation::run);
    fleet.beforeEachStep(next -> {});
    return fleet.afterKill();
  }

  /** Copies a file over another, as {@code cp} does: the copy has its own inode. */
  private static void copyOver(Fleet fleet, Path from, Path to) {
    Path copy = to.resolveSibling("copy");
    fleet.disks.copy(from, copy);
    fleet.disks.remove(to);
    fleet.disks.rename(copy, to);
  }

  private static Intent intent(Fleet fleet) {
    return Iterables.getOnlyElement(fleet.store.read(view -> view.intents().list()));
  }

  private static ForkIntent fork(Fleet fleet) {
    return assertInstanceOf(ForkIntent.class, intent(fleet));
  }

  private static Doctor.Settled settle(Fleet fleet) {
    return fleet.useCases.doctor().settle(intent(fleet).id());
  }

  private static void discardOrphans(Fleet fleet) {
    fleet.later(1_000_000_000);
    fleet
        .useCases
        .garbageCollection()
        .collect(new GarbageCollection.Scope(false, Duration.ofSeconds(1)));
  }

  @Test
  void a_fork_whose_disk_was_put_back_from_a_backup_is_found_settled_and_usable() {
    Path backup = Path.of("/backup/disk.qcow2");
    fleet.disks.withDirectory(backup.getParent());
    fleet.disks.copy(disk("web"), backup);
    Fleet next = killedBefore("rename", () -> fleet.fork("web"));
    copyOver(next, backup, disk("web"));
    ForkIntent intent = fork(next);
    Map<Long, String> content = next.read("web");
    assertThrows(BusyException.class, () -> next.fork("web"));

    Finding finding =
        findings(next).stream()
            .filter(f -> f.kind() == Kind.STALE_INTENT)
            .findFirst()
            .orElseThrow();
    assertEquals(new Remedy.SettleOperation(intent.id().value()), finding.remedy());
    for (String part :
        ImmutableList.of(
            "fork of box web",
            "expected at " + disk("web") + " is inode " + intent.disk().identity().inode(),
            "or an overlay of base " + intent.base().id(),
            "found inode " + next.disks.status(disk("web")).orElseThrow().identity().inode(),
            "an overlay of base " + first.id())) {
      assertTrue(finding.detail().contains(part), finding::detail);
    }

    assertEquals(new Doctor.Settled(intent.id(), box("web")), settle(next));
    assertEquals(Optional.of(intent.id()), Iterables.getLast(next.events).operation());
    assertEquals(content, next.read("web"));
    // The old disk has the base's name, and only a user deletes it.
    assertTrue(next.disks.status(intent.base().path()).isPresent());
    assertEquals(Kind.FILE_WITHOUT_RECORD, only(next).kind());
    assertEquals(new Remedy.DiscardOrphan(intent.base().path()), only(next).remedy());
    next.fork("web");
    discardOrphans(next);
    assertEquals(ImmutableList.of(), findings(next));
    next.check();
    assertEquals(content, next.read("web"));
  }

  @Test
  void a_disk_put_back_that_stands_on_another_recorded_base_gets_its_reference() {
    Path backup = Path.of("/backup/disk.qcow2");
    fleet.disks.withDirectory(backup.getParent());
    fleet.disks.copy(disk("web"), backup);
    BaseDisk second = fleet.snapshot("web", "daily");
    fleet.write("web", 3, "third");
    Fleet next = killedBefore("rename", () -> fleet.fork("web"));
    copyOver(next, backup, disk("web"));
    settle(next);
    assertEquals(
        first.id(), next.store.read(view -> view.references().listOf(box("web"))).get(0).base());
    assertTrue(next.find(second).isPresent());
    assertEquals("second", next.read("web").get(2L));
  }

  @Test
  void a_home_that_was_copied_in_the_middle_with_its_links_is_usable_again() {
    Fleet next = killedBefore("rename", () -> fleet.fork("web"));
    // Like {@code cp -a}: another inode, but still two names of one file.
    ForkIntent intent = fork(next);
    next.disks.remove(intent.base().path());
    copyOver(next, disk("web"), disk("web"));
    next.disks.link(disk("web"), intent.base().path());
    Map<Long, String> content = next.read("web");
    // Settling can't tell this disk from one restored from a backup.
    settle(next);
    assertEquals(1, next.disks.status(disk("web")).orElseThrow().links());
    assertEquals(content, next.read("web"));
    assertEquals(ImmutableList.of(), findings(next));
    next.fork("web");
    next.check();
  }

  @Test
  void what_can_be_settled_is_settled_and_not_given_up() {
    Fleet next = killedBefore("describe", () -> fleet.fork("web"));
    ForkIntent intent = fork(next);
    settle(next);
    assertTrue(
        next.store.read(view -> view.bases().find(intent.base().id())).isPresent(),
        "the fork was completed");
    next.check();
  }

  @Test
  void an_operation_that_is_alive_or_unknown_is_not_given_up() {
    assertThrows(NotFoundException.class, () -> fleet.useCases.doctor().settle(new OperationId(7)));
    fleet.beforeEachStep(
        step -> {
          if (step.startsWith("create overlay")) {
            assertThrows(
                RefusedException.class, () -> fleet.useCases.doctor().settle(intent(fleet).id()));
          }
        });
    fleet.fork("web");
    fleet.check();
  }

  @Test
  void a_base_that_a_header_names_is_recorded_as_it_was_planned() {
    Fleet next = killedBefore("rename", () -> fleet.snapshot("web", "daily"));
    ForkIntent intent = fork(next);
    // Another box was created on the fork's base, and the disk was restored from a backup.
    Path base = intent.base().path();
    copyOver(next, disk("web"), disk("web"));
    next.disks.remove(base);
    next.disks.copy(disk("web"), base);
    next.create("other");
    next.disks.alterHeader(
        disk("other"),
        h ->
            new ImageHeader(
                3, h.virtualSize(), new BackingFile(base.toString(), "qcow2"), false, false, 0, 0));
    settle(next);
    BaseDisk recorded =
        next.store.read(view -> view.bases().find(intent.base().id())).orElseThrow();
    assertEquals("daily", String.valueOf(recorded.name()));
    assertEquals(BaseDiskKind.SNAPSHOT, recorded.kind());
    assertEquals(first.id(), recorded.parentId());
  }

  @Test
  void a_box_whose_removal_can_not_go_on_keeps_the_base_of_its_disk() {
    Path elsewhere = Path.of("/mnt/vm");
    Path disk = elsewhere.resolve("disk.qcow2");
    fleet.disks.makeDisk(disk, 1 << 20);
    BaseDisk base =
        fleet.useCases.bases().create(box("vm"), elsewhere, BaseDiskKind.CLONE_BASE, null);
    Fleet next =
        killedBefore(
            "remove " + disk,
            () ->
                fleet
                    .useCases
                    .boxes()
                    .remove(box("vm"), SnapshotsOnRemoval.REMOVE, ForeignDisks.DELETE));
    Path away = Path.of("/away");
    next.disks.rename(disk, away);
    next.disks.remove(elsewhere);
    next.useCases.recover();
    Finding finding = only(next);
    assertEquals(Kind.STALE_INTENT, finding.kind());
    assertTrue(finding.detail().endsWith("found nothing"), finding::detail);
    settle(next);
    next.useCases.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);
    assertTrue(next.find(base).isPresent());
    assertEquals(ImmutableList.of(), next.store.read(view -> view.intents().list()));
  }

  @Test
  void the_disk_that_a_copied_home_keeps_of_a_removed_box_is_found() {
    Fleet next =
        killedBefore(
            "remove " + disk("web"),
            () -> fleet.useCases.boxes().remove(box("web"), SnapshotsOnRemoval.REMOVE));
    copyOver(next, disk("web"), disk("web"));
    next.useCases.recover();
    Finding finding = only(next);
    assertEquals(Kind.BOX_WITHOUT_RECORD, finding.kind());
    assertEquals(HOME.boxDirectory(box("web")), finding.file());
    assertFalse(next.disks.status(disk("web")).isEmpty());
    discardOrphans(next);
    assertEquals(ImmutableList.of(), findings(next));
  }
}
