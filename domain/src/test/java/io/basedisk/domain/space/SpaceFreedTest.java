package io.basedisk.domain.space;

import static io.basedisk.domain.testing.Fleet.box;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.testing.Fleet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Removals free exactly the space that is reported as exclusive. */
final class SpaceFreedTest {

  private static final int HOMES = 15;
  private static final int STEPS = 40;

  /** A home with random operations. */
  private static final class Life {

    final Fleet fleet = new Fleet();
    final Random random;
    final List<String> boxes = new ArrayList<>();
    final List<BaseDisk> snapshots = new ArrayList<>();
    private int made;

    Life(long seed) {
      random = new Random(seed);
      create();
    }

    <T> T any(List<T> all) {
      return all.get(random.nextInt(all.size()));
    }

    String newName() {
      made++;
      return "box" + made;
    }

    private void create() {
      String name = newName();
      fleet.create(name);
      boxes.add(name);
    }

    void step() {
      String box = any(boxes);
      switch (random.nextInt(7)) {
        case 0 -> create();
        case 1 -> fleet.fork(box);
        case 2, 3 -> {
          String name = newName();
          fleet.write(box, random.nextInt(9), name);
          fleet.cloneBox(box, name);
          boxes.add(name);
        }
        case 4 -> snapshots.add(fleet.snapshot(box, "s" + made++));
        case 5 -> {
          if (!snapshots.isEmpty()) {
            BaseDisk snapshot = any(snapshots);
            fleet.restore(snapshot.sourceBoxId().value(), snapshot.name().value());
          }
        }
        default -> {
          if (!snapshots.isEmpty() && !fleet.disks.status(Fleet.guestRootfs(box)).isPresent()) {
            fleet.attachGuestRootfs(box, any(snapshots));
          }
        }
      }
    }

    long allocated() {
      return fleet.files().stream()
          .map(file -> fleet.disks.status(file).orElseThrow())
          .filter(FileStatus::isRegularFile)
          .mapToLong(FileStatus::allocatedBytes)
          .sum();
    }

    SpaceReport space() {
      return fleet.useCases.space().ofHome();
    }

    BoxSpace spaceOf(String box) {
      BoxSpace ofHome =
          space().boxes().stream().filter(s -> s.box().equals(box(box))).findFirst().orElseThrow();
      assertEquals(ofHome, fleet.useCases.space().of(box(box)).boxes().get(0));
      return ofHome;
    }

    BaseSpace spaceOf(BaseDisk base) {
      return space().bases().stream()
          .filter(s -> s.base().id().equals(base.id()))
          .findFirst()
          .orElseThrow();
    }

    /** Removes every snapshot and box, in random order, and checks what each removal frees. */
    void end(String where) {
      while (!boxes.isEmpty()) {
        String box = any(boxes);
        List<BaseDisk> own =
            snapshots.stream().filter(s -> s.sourceBoxId().equals(box(box))).toList();
        if (own.isEmpty()) {
          removeBox(box, where);
        } else {
          removeSnapshot(any(own), where);
        }
      }
      assertEquals(new SpaceReport(space().bases(), space().boxes(), 0, 0), space(), where);
    }

    private void removeBox(String box, String where) {
      BoxSpace told = spaceOf(box);
      long before = allocated();
      CollectionReport report = fleet.useCases.boxes().remove(box(box), SnapshotsOnRemoval.REFUSE);
      assertEquals(told.exclusiveBytes(), before - allocated(), where);
      assertEquals(told.exclusiveBytes(), told.allocatedBytes() + report.freedBytes(), where);
      boxes.remove(box);
    }

    private void removeSnapshot(BaseDisk snapshot, String where) {
      BaseSpace told = spaceOf(snapshot);
      CollectionReport report =
          fleet.removeSnapshot(snapshot.sourceBoxId().value(), snapshot.name().value()).report();
      assertEquals(told.exclusiveBytes(), report.freedBytes(), where);
      snapshots.remove(snapshot);
    }
  }

  @Test
  @Tag("exploration")
  void removing_a_box_or_a_snapshot_frees_its_exclusive_bytes() {
    for (int seed = 0; seed < HOMES; seed++) {
      Life life = new Life(seed);
      for (int step = 0; step < STEPS; step++) {
        life.step();
      }
      String where = "seed " + seed;
      SpaceReport space = life.space();
      assertEquals(life.allocated(), space.allocatedBytes(), where);
      assertEquals(0, space.reclaimableBytes(), where);
      assertTrue(
          space.bases().stream().mapToLong(BaseSpace::exclusiveBytes).sum()
                  + space.boxes().stream().mapToLong(BoxSpace::exclusiveBytes).sum()
              <= space.allocatedBytes(),
          where);
      life.end(where);
    }
  }
}
