package io.basedisk.domain;

import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.Collections2;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.lineage.BaseDetails;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.testing.Fleet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A box that goes on from its snapshots in several ways. */
final class BranchingHistoriesTest {

  private static final Map<String, Map<Long, String>> SNAPSHOTS =
      Map.of(
          "trunk", Map.of(1L, "trunk"),
          "left", Map.of(1L, "trunk", 2L, "left"),
          "right", Map.of(1L, "trunk", 2L, "right"));

  /** Makes a box with two branches on one trunk, and a clone of the one that it is not on. */
  private static Fleet branched() {
    Fleet fleet = new Fleet();
    fleet.create("web");
    fleet.write("web", 1, "trunk");
    fleet.snapshot("web", "trunk");
    fleet.write("web", 2, "left");
    fleet.snapshot("web", "left");
    fleet.restore("web", "trunk");
    fleet.write("web", 2, "right");
    fleet.copy("web", "right");
    fleet
        .useCases
        .clones()
        .cloneSnapshot(box("web"), new SnapshotName("right"), ImmutableList.of(box("copy")));
    fleet.write("copy", 3, "of the copy");
    fleet.restore("web", "left");
    fleet.write("web", 4, "further left");
    return fleet;
  }

  @Test
  void branches_go_in_any_order_and_what_is_left_reads_right_until_nothing_is_left() {
    for (List<String> order :
        Collections2.permutations(List.of("trunk", "left", "right", "copy"))) {
      Fleet fleet = branched();
      for (String next : order) {
        if (next.equals("copy")) {
          fleet.remove("copy");
        } else {
          fleet.removeSnapshot("web", next);
        }
        checkContents(fleet);
        fleet.check();
      }
      fleet.remove("web");
      assertEquals(ImmutableSet.of(), fleet.files(), order::toString);
      assertEquals(ImmutableList.of(), fleet.store.read(view -> view.bases().list(BaseFilter.ALL)));
    }
  }

  private static void checkContents(Fleet fleet) {
    assertEquals(Map.of(1L, "trunk", 2L, "left", 4L, "further left"), fleet.read("web"));
    if (fleet.disks.status(disk("copy")).isPresent()) {
      assertEquals(Map.of(1L, "trunk", 2L, "right", 3L, "of the copy"), fleet.read("copy"));
    }
    for (BaseDetails snapshot : fleet.useCases.snapshots().list(box("web"))) {
      BaseDisk base = snapshot.base();
      assertEquals(
          SNAPSHOTS.get(String.valueOf(base.name())),
          fleet.disks.guestReads(base.diskInfo().basePath()));
    }
  }
}
