package io.basedisk.domain.snapshot;

import static io.basedisk.domain.testing.Fleet.box;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.testing.Fleet;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pruning removes the snapshots of its plan, and no others. */
final class PruneSnapshotsTest {

  private static final ZoneId UTC = ZoneId.of("UTC");

  private final Fleet fleet = new Fleet();
  private Snapshots snapshots;

  @BeforeEach
  void make_a_box_with_four_snapshots() {
    snapshots = fleet.useCases.snapshots();
    fleet.create("web");
    for (String name : List.of("a", "b", "c", "d")) {
      fleet.write("web", 1, name);
      fleet.snapshot("web", name);
    }
  }

  private PrunePlan keepLast(int number) {
    return snapshots.planPrune(box("web"), new Retention(number, 0, 0), UTC);
  }

  private static ImmutableList<SnapshotName> names(String... names) {
    return ImmutableList.copyOf(names).stream()
        .map(SnapshotName::new)
        .collect(ImmutableList.toImmutableList());
  }

  private ImmutableList<SnapshotName> left() {
    return snapshots.list(box("web")).stream()
        .map(snapshot -> snapshot.base().snapshotName().orElseThrow())
        .collect(ImmutableList.toImmutableList());
  }

  @Test
  void a_plan_names_all_snapshots_and_changes_nothing() {
    ImmutableSet<Path> before = fleet.files();
    PrunePlan plan = keepLast(2);
    assertEquals(names("b", "a"), plan.removed().keySet().asList());
    assertEquals(names("d", "c"), plan.kept().keySet().asList());
    assertEquals(names("d", "c", "b", "a"), left());
    assertEquals(before, fleet.files());
  }

  @Test
  void the_old_snapshots_go_and_the_disk_reads_as_before() {
    BaseDisk unneeded = fleet.snapshot("web", "e");
    fleet.restore("web", "d");
    fleet.snapshot("web", "f");
    fleet.snapshot("web", "g");

    Snapshots.Pruned pruned = snapshots.prune(keepLast(2));

    assertEquals(names("e", "d", "c", "b", "a"), pruned.names());
    assertEquals(ImmutableList.of(unneeded.id()), pruned.report().collected());
    assertEquals(names("g", "f"), left());
    fleet.check();
  }

  @Test
  void the_snapshots_of_another_box_stay() {
    fleet.cloneBox("web", "copy");
    fleet.snapshot("copy", "a");
    snapshots.prune(keepLast(1));
    assertEquals(1, snapshots.list(box("copy")).size());
  }

  @Test
  void a_new_snapshot_that_got_the_name_of_an_old_one_stays() {
    PrunePlan plan = keepLast(2);
    fleet.removeSnapshot("web", "a");
    BaseDisk anew = fleet.snapshot("web", "a");

    assertEquals(names("b"), snapshots.prune(plan).names());

    assertEquals(names("a", "d", "c"), left());
    assertEquals(BaseDiskKind.SNAPSHOT, fleet.find(anew).orElseThrow().kind());
    fleet.check();
  }

  @Test
  void a_snapshot_that_was_renamed_since_stays() {
    PrunePlan plan = keepLast(2);
    snapshots.rename(box("web"), new SnapshotName("a"), new SnapshotName("precious"));
    assertEquals(names("b"), snapshots.prune(plan).names());
    assertTrue(left().contains(new SnapshotName("precious")));
  }

  @Test
  void a_box_that_is_not_there_has_no_plan() {
    assertThrows(
        NotFoundException.class,
        () -> snapshots.planPrune(box("nope"), new Retention(1, 0, 0), UTC));
  }
}
