package io.basedisk.domain;

import static io.basedisk.domain.testing.Fleet.box;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.event.Event.BoxRemoved;
import io.basedisk.domain.event.Event.Collected;
import io.basedisk.domain.event.Event.Compacted;
import io.basedisk.domain.event.Event.Forked;
import io.basedisk.domain.event.Event.Kept;
import io.basedisk.domain.event.Event.Performed;
import io.basedisk.domain.event.Event.Restored;
import io.basedisk.domain.event.Event.RolledForward;
import io.basedisk.domain.event.Event.RootfsAdded;
import io.basedisk.domain.event.Event.RootfsAttached;
import io.basedisk.domain.event.Event.SnapshotRemoved;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.testing.Fleet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Events say which operation they belong to, so that a listener can join them. */
final class EventOperationTest {

  private final Fleet fleet = new Fleet();

  /** Returns the kinds of the events that belong to an operation, or to none, in their order. */
  private static List<Class<? extends Event>> kinds(Fleet fleet, Optional<OperationId> operation) {
    return fleet.events.stream()
        .filter(event -> event.operation().equals(operation))
        .<Class<? extends Event>>map(Event::getClass)
        .toList();
  }

  /** Checks that these events were told, and that all belong to the last complete operation. */
  private void assertOneOperation(List<Class<? extends Event>> kinds) {
    assertEquals(kinds, kinds(fleet, Optional.of(fleet.lastOperation())));
    assertEquals(kinds.size(), fleet.events.size(), fleet.events::toString);
  }

  private void leaveForCollection(BaseDiskId base) {
    fleet.store.change(tx -> tx.pendingDeletes().insertCollectPending(base));
  }

  @Test
  void a_fork_and_the_collection_after_it_are_one() {
    fleet.create("a", "b");
    BaseDisk base = fleet.fork("a");
    leaveForCollection(base.id());
    fleet.events.clear();
    fleet.fork("b");
    assertOneOperation(List.of(Forked.class, Performed.class, Kept.class));
  }

  @Test
  void a_removal_its_snapshots_and_the_collection_after_it_are_one() {
    fleet.create("a");
    fleet.snapshot("a", "s");
    fleet.events.clear();
    fleet.useCases.boxes().remove(box("a"), SnapshotsOnRemoval.REMOVE);
    assertOneOperation(
        List.of(BoxRemoved.class, Performed.class, SnapshotRemoved.class, Collected.class));
  }

  @Test
  void a_restore_and_the_collection_after_it_are_one() {
    fleet.create("a");
    fleet.snapshot("a", "s");
    fleet.fork("a");
    fleet.events.clear();
    fleet.restore("a", "s");
    assertOneOperation(List.of(Restored.class, Performed.class, Collected.class, Kept.class));
  }

  @Test
  void a_compaction_and_the_collection_after_it_are_one() {
    fleet.create("a");
    fleet.fork("a");
    fleet.fork("a");
    fleet.events.clear();
    fleet.compact("a", 1);
    assertOneOperation(List.of(Compacted.class, Performed.class, Collected.class, Kept.class));
  }

  @Test
  void an_added_rootfs_and_the_collection_of_the_one_it_supersedes_are_one() {
    fleet.addRootfs("debian", fleet.image("a.qcow2", "old"));
    fleet.events.clear();
    fleet.addRootfs("debian", fleet.image("b.qcow2", "new"));
    assertOneOperation(List.of(RootfsAdded.class, Performed.class, Collected.class));
  }

  @Test
  void an_attached_rootfs_and_the_collection_after_it_are_one() {
    BaseDisk base = fleet.addRootfs("debian", fleet.image("a.qcow2", "installed"));
    fleet.create("a");
    leaveForCollection(base.id());
    fleet.events.clear();
    fleet.useCases.rootfs().attach(box("a"), new RootfsKey("debian"));
    assertOneOperation(List.of(RootfsAttached.class, Performed.class, Kept.class));
  }

  @Test
  void an_operation_that_another_process_settles_keeps_its_id() {
    fleet.create("a");
    AtomicBoolean isKilled = new AtomicBoolean();
    fleet.beforeEachStep(
        step -> {
          isKilled.compareAndSet(false, step.startsWith("remove"));
          if (isKilled.get()) {
            throw new AssertionError("killed");
          }
        });
    assertThrows(AssertionError.class, () -> fleet.remove("a"));
    OperationId interrupted = fleet.store.read(view -> view.intents().list()).get(0).id();

    Fleet next = fleet.afterKill();
    next.useCases.recover();

    assertEquals(
        List.of(BoxRemoved.class, RolledForward.class), kinds(next, Optional.of(interrupted)));
  }

  @Test
  void a_removal_of_a_snapshot_is_part_of_none_and_neither_is_its_collection() {
    fleet.create("a");
    fleet.snapshot("a", "s");
    fleet.events.clear();
    fleet.removeSnapshot("a", "s");
    assertEquals(List.of(SnapshotRemoved.class, Kept.class), kinds(fleet, Optional.empty()));
    assertEquals(2, fleet.events.size(), fleet.events::toString);
  }

  @Test
  void a_collection_when_the_home_is_opened_is_part_of_none() {
    fleet.create("a");
    BaseDisk base = fleet.fork("a");
    leaveForCollection(base.id());
    fleet.events.clear();
    fleet.useCases.recover();
    assertEquals(ImmutableList.of(Kept.class), kinds(fleet, Optional.empty()));
  }
}
