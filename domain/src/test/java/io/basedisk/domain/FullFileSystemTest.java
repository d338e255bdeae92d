package io.basedisk.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.error.NoSpaceException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.SpaceReserve;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.UseCases;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A full file system: what frees space may use the reserve, and nothing else may. */
class FullFileSystemTest {

  private static final BoxId WEB = Fleet.box("web");
  private static final SnapshotName CLEAN = new SnapshotName("clean");

  private final Fleet fleet = new Fleet();
  private final List<String> reserve = new ArrayList<>();
  private final UseCases useCases = UseCases.over(fleet.ports, new RecordedReserve());

  private boolean isFull;
  private boolean helps = true;

  /** A reserve that is enough for what is written after it is given up. */
  private final class RecordedReserve implements SpaceReserve {

    @Override
    public void keep() {
      reserve.add("keep");
    }

    @Override
    public void giveUp() {
      reserve.add("give up");
      isFull = !helps;
    }
  }

  @BeforeEach
  void fill_the_file_system_at_will() {
    useCases.recover();
    reserve.clear();
    fleet.beforeEachStep(
        step -> {
          if (isFull && step.equals("write to the store")) {
            throw new NoSpaceException("no space left", new Exception());
          }
        });
  }

  private BaseDisk boxWithSnapshot() {
    useCases.boxes().create(WEB, new ByteSize(1 << 20));
    return useCases.snapshots().create(WEB, CLEAN);
  }

  @Test
  void opening_keeps_a_reserve() {
    useCases.recover();

    assertEquals(List.of("keep"), reserve);
  }

  @Test
  void removing_a_box_gives_up_the_reserve_and_keeps_one_again() {
    BaseDisk snapshot = boxWithSnapshot();
    isFull = true;

    useCases.boxes().remove(WEB, SnapshotsOnRemoval.REMOVE);

    assertFalse(fleet.exists(snapshot));
    assertEquals(List.of("give up", "keep"), reserve);
    fleet.check();
  }

  @Test
  void a_removal_that_finds_no_space_after_its_first_step_is_completed() {
    boxWithSnapshot();
    int[] writes = {0};
    fleet.beforeEachStep(
        step -> {
          isFull = step.equals("write to the store") && ++writes[0] == 2;
          if (isFull) {
            throw new NoSpaceException("no space left", new Exception());
          }
        });

    useCases.boxes().remove(WEB, SnapshotsOnRemoval.REMOVE);

    assertEquals(List.of("give up", "keep"), reserve);
    assertEquals(ImmutableList.of(), fleet.store.read(view -> view.intents().list()));
    fleet.check();
  }

  @Test
  void every_other_operation_that_frees_space_gives_up_the_reserve() {
    boxWithSnapshot();
    isFull = true;
    useCases.snapshots().remove(WEB, CLEAN);
    assertEquals(List.of("give up", "keep"), reserve);

    reserve.clear();
    BaseDisk unused = useCases.bases().create(WEB, BaseDiskKind.CLONE_BASE, null);
    useCases.boxes().remove(WEB, SnapshotsOnRemoval.REFUSE);
    assertFalse(fleet.exists(unused));
    assertEquals(List.of(), reserve);

    RootfsKey key = new RootfsKey("debian");
    fleet.addRootfs("debian", fleet.image("one", "one"));
    isFull = true;
    useCases.rootfs().remove(key);
    fleet.addRootfs("debian", fleet.image("two", "two"));
    isFull = true;
    assertEquals(ImmutableList.of(key), useCases.rootfs().prune(0).keys());
    BaseDisk last = fleet.addRootfs("debian", fleet.image("three", "three"));
    isFull = true;
    useCases.bases().remove(last.id());

    assertEquals(List.of("give up", "keep", "give up", "keep", "give up", "keep"), reserve);
    fleet.check();
  }

  @Test
  void gc_gives_up_the_reserve() {
    fleet.create("other");
    BaseDisk base = fleet.fork("other");
    fleet.store.change(tx -> tx.references().deleteOf(Fleet.box("other")));
    fleet.disks.remove(Fleet.disk("other"));
    isFull = true;

    useCases.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);

    assertFalse(fleet.exists(base));
    assertEquals(List.of("give up", "keep"), reserve);
  }

  @Test
  void an_operation_that_takes_space_leaves_the_reserve_and_everything_as_it_is() {
    boxWithSnapshot();
    isFull = true;

    assertThrows(
        NoSpaceException.class,
        () -> useCases.boxes().create(Fleet.box("other"), new ByteSize(1 << 20)));
    assertThrows(
        NoSpaceException.class, () -> useCases.snapshots().create(WEB, new SnapshotName("more")));

    assertEquals(List.of(), reserve);
    isFull = false;
    fleet.check();
  }

  @Test
  void where_the_reserve_is_not_enough_the_removal_fails_and_nothing_is_gone() {
    BaseDisk snapshot = boxWithSnapshot();
    isFull = true;
    helps = false;

    assertThrows(
        NoSpaceException.class, () -> useCases.boxes().remove(WEB, SnapshotsOnRemoval.REMOVE));

    assertTrue(fleet.exists(snapshot));
    assertEquals(List.of("give up", "keep"), reserve);
    isFull = false;
    fleet.check();
  }
}
