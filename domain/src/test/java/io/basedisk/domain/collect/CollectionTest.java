package io.basedisk.domain.collect;

import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.box.Boxes;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.KeepReason;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.intent.CreateBoxesIntent;
import io.basedisk.domain.model.intent.NewBox;
import io.basedisk.domain.testing.Fleet;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When a base is collected, and what keeps it. */
final class CollectionTest {

  private final Fleet fleet = new Fleet();

  private CollectionReport tryCollect(BaseDisk base) {
    return fleet.useCases.bases().tryCollect(base.id());
  }

  @Test
  void removing_a_box_keeps_bases_that_a_clone_still_backs_onto() {
    fleet.create("box-1");
    fleet.write("box-1", 1, "first");
    BaseDisk a = fleet.fork("box-1");
    fleet.write("box-1", 2, "second");
    BaseDisk b = fleet.fork("box-1");
    fleet.cloneBox("box-1", "box-2");
    assertEquals(ImmutableList.of(), fleet.remove("box-1"));
    fleet.useCases.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);
    assertEquals(Map.of(1L, "first", 2L, "second"), fleet.read("box-2"));
    assertTrue(fleet.exists(a) && fleet.exists(b));
    fleet.check();
    assertEquals(ImmutableList.of(b.id(), a.id()), fleet.remove("box-2"));
    assertEquals(ImmutableSet.of(), fleet.files());
  }

  @Test
  void a_base_is_collected_with_its_last_box() {
    fleet.create("box-1");
    BaseDisk base = fleet.fork("box-1");
    assertEquals(ImmutableList.of(base.id()), fleet.remove("box-1"));
    assertTrue(fleet.find(base).isEmpty());
    assertFalse(fleet.exists(base));
  }

  @Test
  void a_base_is_kept_while_one_of_two_boxes_is_left() {
    fleet.create("src");
    BaseDisk base = fleet.cloneBox("src", "clone-1", "clone-2");
    fleet.remove("src");
    fleet.remove("clone-1");
    assertEquals(
        ImmutableMap.of(base.id(), new KeepReason.ReferencedBy(ImmutableList.of(box("clone-2")))),
        tryCollect(base).kept());
    assertEquals(ImmutableList.of(base.id()), fleet.remove("clone-2"));
    assertFalse(fleet.exists(base));
  }

  @Test
  void a_whole_chain_is_collected_in_one_cascade() {
    fleet.create("box-1");
    ImmutableList.Builder<BaseDiskId> newestFirst = ImmutableList.builder();
    ImmutableList.Builder<BaseDisk> bases = ImmutableList.builder();
    for (int i = 0; i < 50; i++) {
      bases.add(fleet.fork("box-1"));
    }
    bases.build().reverse().forEach(base -> newestFirst.add(base.id()));
    assertEquals(newestFirst.build(), fleet.remove("box-1"));
    assertEquals(ImmutableSet.of(), fleet.files());
  }

  @Test
  void a_cascade_stops_at_a_base_that_another_box_needs() {
    fleet.create("box-1");
    BaseDisk shared = fleet.cloneBox("box-1", "box-2");
    fleet.write("box-1", 1, "x");
    BaseDisk own = fleet.fork("box-1");
    assertEquals(ImmutableList.of(own.id()), fleet.remove("box-1"));
    assertTrue(fleet.exists(shared));
    fleet.check();
  }

  @Test
  void a_snapshot_is_never_collected() {
    fleet.create("box-1");
    BaseDisk snapshot = fleet.snapshot("box-1", "daily");
    fleet.fork("box-1");
    assertEquals(
        ImmutableMap.of(
            snapshot.id(), new KeepReason.IsSnapshot(box("box-1"), new SnapshotName("daily"))),
        tryCollect(snapshot).kept());
    assertTrue(fleet.exists(snapshot));
  }

  @Test
  void a_rootfs_is_never_collected() {
    fleet.create("box-1");
    BaseDisk rootfs =
        fleet.useCases.bases().create(box("box-1"), BaseDiskKind.ROOTFS, new RootfsKey("k"));
    fleet.remove("box-1");
    assertEquals(
        ImmutableMap.of(rootfs.id(), new KeepReason.IsRootfs(new RootfsKey("k"))),
        tryCollect(rootfs).kept());
    assertTrue(fleet.exists(rootfs));
  }

  @Test
  void a_base_with_a_child_is_kept() {
    fleet.create("box-1");
    BaseDisk parent = fleet.fork("box-1");
    BaseDisk child = fleet.fork("box-1");
    assertEquals(
        ImmutableMap.of(parent.id(), new KeepReason.ParentOf(ImmutableList.of(child.id()))),
        tryCollect(parent).kept());
  }

  @Test
  void a_base_that_an_operation_needs_is_kept_and_collected_by_a_later_operation() {
    fleet.create("box-1");
    BaseDisk base = fleet.fork("box-1");
    OperationId other = new OperationId(7);
    try (var owner = fleet.locks.tryAcquire(other).orElseThrow()) {
      fleet.store.change(
          tx ->
              tx.intents()
                  .insert(
                      new CreateBoxesIntent(
                          other,
                          ImmutableList.of(NewBox.in(HOME, box("x"))),
                          base.id(),
                          fleet.ports.now())));
      fleet.remove("box-1");
      assertTrue(fleet.exists(base));
      assertTrue(
          fleet.events.contains(
              new Event.Kept(
                  Optional.of(fleet.lastOperation()),
                  base.id(),
                  new KeepReason.NamedByIntent(other))));
      fleet.store.change(tx -> tx.intents().delete(other));
    }
    fleet.create("unrelated");
    fleet.fork("unrelated");
    assertFalse(fleet.exists(base));
  }

  @Test
  void a_base_that_only_a_header_names_is_kept() {
    fleet.create("box-1", "box-2");
    BaseDisk base = fleet.fork("box-1");
    fleet.disks.alterHeader(
        disk("box-2"),
        header ->
            new io.basedisk.domain.model.ImageHeader(
                3,
                header.virtualSize(),
                new BackingFile(base.diskInfo().basePath().toString(), "qcow2"),
                false,
                false,
                0,
                0));
    fleet.store.change(tx -> tx.references().deleteOf(box("box-1")));
    fleet.disks.makeDisk(Path.of("/fresh"), 1 << 20);
    fleet.disks.rename(Path.of("/fresh"), disk("box-1"));
    CollectionReport report =
        fleet.useCases.garbageCollection().collect(GarbageCollection.Scope.DEFAULT).bases();
    assertEquals(
        ImmutableMap.of(base.id(), new KeepReason.BackedOntoBy(disk("box-2"))), report.kept());
    assertTrue(fleet.exists(base));
  }

  @Test
  void freed_bytes_are_the_space_of_the_files() {
    fleet.create("box-1");
    fleet.write("box-1", 1, "x");
    BaseDisk base = fleet.fork("box-1");
    long allocated = fleet.disks.status(base.diskInfo().basePath()).orElseThrow().allocatedBytes();
    CollectionReport report =
        fleet.useCases.boxes().remove(box("box-1"), Boxes.SnapshotsOnRemoval.REFUSE);
    assertEquals(allocated, report.freedBytes());
  }

  @Test
  void the_next_operation_continues_an_interrupted_collection() {
    fleet.create("box-1", "box-2");
    fleet.fork("box-1");
    BaseDisk top = fleet.fork("box-1");
    fleet.beforeEachStep(
        step -> {
          if (step.equals("remove " + top.diskInfo().basePath())) {
            throw new io.basedisk.domain.error.StorageException("injected");
          }
        });
    assertThrows(RuntimeException.class, () -> fleet.remove("box-1"));
    fleet.beforeEachStep(step -> {});
    BaseDisk other = fleet.fork("box-2");
    assertFalse(fleet.exists(top));
    assertTrue(fleet.exists(other));
    fleet.check();
  }

  @Test
  void a_plan_predicts_the_collection_of_the_home() {
    fleet.create("box-1");
    BaseDisk parent = fleet.fork("box-1");
    BaseDisk child = fleet.fork("box-1");
    fleet.store.change(tx -> tx.references().deleteOf(box("box-1")));
    fleet.disks.makeDisk(Path.of("/fresh"), 1 << 20);
    fleet.disks.rename(Path.of("/fresh"), disk("box-1"));
    CollectionReport plan =
        fleet.useCases.garbageCollection().plan(GarbageCollection.Scope.DEFAULT).bases();
    assertEquals(ImmutableList.of(child.id(), parent.id()), plan.collected());
    assertTrue(fleet.exists(parent) && fleet.exists(child));
    assertEquals(
        plan, fleet.useCases.garbageCollection().collect(GarbageCollection.Scope.DEFAULT).bases());
    fleet.check();
  }

  @Test
  void an_unneeded_snapshot_can_be_removed() {
    fleet.create("box-1");
    BaseDisk first = fleet.snapshot("box-1", "first");
    fleet.cloneBox("box-1", "box-2");
    fleet.useCases.boxes().remove(box("box-1"), Boxes.SnapshotsOnRemoval.REMOVE);
    RefusedException refusal =
        assertThrows(RefusedException.class, () -> fleet.useCases.bases().remove(first.id()));
    assertTrue(refusal.getMessage().contains("box-2"), refusal::getMessage);
    fleet.check();
    assertEquals(ImmutableList.of(first.id()), fleet.remove("box-2"));
  }

  @Test
  void a_base_that_does_not_exist_can_neither_be_collected_nor_removed() {
    BaseDiskId missing = new BaseDiskId("missing0");
    assertThrows(NotFoundException.class, () -> fleet.useCases.bases().tryCollect(missing));
    assertThrows(NotFoundException.class, () -> fleet.useCases.bases().remove(missing));
  }

  @Test
  void a_snapshot_that_nothing_needs_is_removed_on_request() {
    fleet.create("box-1");
    BaseDisk snapshot = fleet.snapshot("box-1", "daily");
    fleet.disks.makeDisk(Path.of("/fresh"), 1 << 20);
    fleet.disks.rename(Path.of("/fresh"), disk("box-1"));
    fleet.store.change(tx -> tx.references().deleteOf(box("box-1")));
    assertEquals(
        ImmutableList.of(snapshot.id()), fleet.useCases.bases().remove(snapshot.id()).collected());
    assertFalse(fleet.exists(snapshot));
    fleet.check();
  }

  @Test
  void a_plan_includes_the_bases_of_an_interrupted_collection() {
    fleet.create("box-1");
    BaseDisk parent = fleet.fork("box-1");
    BaseDisk child = fleet.fork("box-1");
    fleet.imageLocks.openForReading(child.diskInfo().basePath());
    fleet.remove("box-1");
    fleet.store.change(
        tx -> {
          tx.bases().delete(child.id());
          tx.pendingDeletes()
              .insert(new DeletingBase(child.id(), child.diskInfo().basePath(), parent.id()));
        });
    CollectionReport plan =
        fleet.useCases.garbageCollection().plan(GarbageCollection.Scope.DEFAULT).bases();
    assertEquals(ImmutableList.of(child.id(), parent.id()), plan.collected());
    assertEquals(
        plan, fleet.useCases.garbageCollection().collect(GarbageCollection.Scope.DEFAULT).bases());
  }

  @Test
  void a_reason_names_a_few_of_many_holders_and_adds_and_others() {
    ImmutableList<BoxId> fleet =
        IntStream.range(0, 1000)
            .mapToObj(i -> BoxId.of("b" + i))
            .collect(ImmutableList.toImmutableList());
    assertEquals(
        "needed by boxes b0, b1, b2, b3, b4, b5, b6, b7, b8, b9 and others",
        new KeepReason.ReferencedBy(fleet).describe());
  }

  @Test
  void kept_bases_are_listed_newest_first_and_by_id_if_their_times_are_equal() {
    fleet.create("web");
    ImmutableList.Builder<BaseDiskId> newestFirst = ImmutableList.builder();
    for (int time = 0; time < 3; time++) {
      fleet.later(-1);
      newestFirst.addAll(
          IntStream.range(0, 3)
              .mapToObj(i -> fleet.fork("web").id())
              .sorted()
              .collect(ImmutableList.toImmutableList()));
    }
    ImmutableList<BaseDiskId> expected = newestFirst.build();
    GarbageCollection collection = fleet.useCases.garbageCollection();

    assertEquals(
        expected,
        collection.plan(GarbageCollection.Scope.DEFAULT).bases().kept().keySet().asList());
    assertEquals(
        expected,
        collection.collect(GarbageCollection.Scope.DEFAULT).bases().kept().keySet().asList());
  }
}
