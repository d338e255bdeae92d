package io.basedisk.domain.rebuild;

import static io.basedisk.domain.rebuild.RebuiltHome.filled;
import static io.basedisk.domain.rebuild.RebuiltHome.plan;
import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.box;
import static io.basedisk.domain.testing.Fleet.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryDisks;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Which directories a rebuild takes for boxes, and their names. */
final class BoxesOfRebuildTest {

  private static final long SIZE = 1 << 20;

  private final InMemoryDisks disks = new Fleet().disks;

  @Test
  void a_disks_directory_elsewhere_is_called_by_the_directory_above_it_or_by_itself() {
    disks.makeDisk(Path.of("/vms/web/disks/disk.qcow2"), SIZE);
    disks.makeDisk(Path.of("/vms/db/disk.qcow2"), SIZE);

    RebuildPlan plan = plan(disks, Path.of("/vms/web/disks"), Path.of("/vms/db"));

    assertEquals(ImmutableList.of("db", "web"), names(plan));
    assertEquals(Path.of("/vms/web/disks"), plan.boxes().get(1).disksDir());
    filled(disks, plan);
  }

  @Test
  void a_name_that_is_taken_or_invalid_is_replaced() {
    disks.makeDisk(disk("web"), SIZE);
    disks.makeDisk(Path.of("/vms/web/disks/disk.qcow2"), SIZE);
    disks.makeDisk(Path.of("/vms/a b/disk.qcow2"), SIZE);

    RebuildPlan plan = plan(disks, Path.of("/vms/web/disks"), Path.of("/vms/a b"));

    assertEquals(ImmutableList.of("recovered-1", "recovered-2", "web"), names(plan));
  }

  @Test
  void a_directory_that_is_named_twice_is_one_box() {
    disks.makeDisk(disk("web"), SIZE);
    disks.makeDisk(Path.of("/vms/db/disk.qcow2"), SIZE);
    Path db = Path.of("/vms/db");

    RebuildPlan plan = plan(disks, db, Path.of("/vms/../vms/db"), HOME.disksDirectory(box("web")));

    assertEquals(ImmutableList.of("db", "web"), names(plan));
    assertEquals(ImmutableList.of(), plan.leftOut());
  }

  @Test
  void a_directory_that_cant_be_a_boxs_is_refused() {
    disks.writeBytes(Path.of("/file"), new byte[1]);

    assertThrows(NotFoundException.class, () -> plan(disks, Path.of("/nowhere")));
    assertThrows(InvalidArgumentException.class, () -> plan(disks, Path.of("/file")));
    assertThrows(InvalidArgumentException.class, () -> plan(disks, HOME.bases()));
    assertThrows(InvalidArgumentException.class, () -> plan(disks, HOME.home()));
    assertThrows(InvalidArgumentException.class, () -> plan(disks, Path.of("/")));
  }

  @Test
  void what_is_no_box_is_left_out_with_the_reason_and_the_others_are_recorded() {
    disks.makeDisk(disk("good"), SIZE);
    disks.withDirectory(HOME.boxDirectory(box("nodisks")));
    disks.withDirectory(HOME.disksDirectory(box("empty")));
    disks.withDirectory(HOME.boxes().resolve("bad name/disks"));
    disks.writeBytes(HOME.boxes().resolve("a-file"), new byte[1]);
    disks.symlink(HOME.boxes().resolve("a-link"), HOME.boxDirectory(box("good")));
    disks.withDirectory(HOME.boxDirectory(box("linked-disks")));
    disks.symlink(HOME.disksDirectory(box("linked-disks")), HOME.disksDirectory(box("good")));
    disks.withDirectory(HOME.disksDirectory(box("linked-disk")));
    disks.symlink(disk("linked-disk"), disk("good"));

    RebuildPlan plan = plan(disks);

    assertEquals(ImmutableList.of("good"), names(plan));
    assertEquals(
        ImmutableList.of(
            HOME.boxes().resolve("a-file"),
            HOME.boxes().resolve("a-link"),
            HOME.boxes().resolve("bad name"),
            HOME.disksDirectory(box("empty")),
            disk("linked-disk"),
            HOME.boxDirectory(box("linked-disks")),
            HOME.boxDirectory(box("nodisks"))),
        plan.leftOut().stream().map(LeftOut::file).collect(ImmutableList.toImmutableList()));
  }

  @Test
  void a_directory_with_a_number_has_the_name_before_it_unless_another_box_has_it() {
    disks.makeDisk(HOME.boxes().resolve("api~2/disks/disk.qcow2"), SIZE);
    disks.makeDisk(HOME.boxes().resolve("web~2/disks/disk.qcow2"), SIZE);
    disks.makeDisk(disk("web"), SIZE);

    RebuildPlan plan = plan(disks);

    assertEquals(ImmutableList.of("api", "recovered-1", "web"), names(plan));
    assertEquals(HOME.boxes().resolve("web~2/disks"), plan.boxes().get(1).disksDir());
    assertEquals(HOME.disksDirectory(box("web")), plan.boxes().get(2).disksDir());
    filled(disks, plan);
  }

  @Test
  void disks_elsewhere_are_foreign_and_those_in_the_home_are_not() {
    disks.makeDisk(disk("web"), SIZE);
    disks.makeDisk(Path.of("/vms/db/disk.qcow2"), SIZE);

    assertEquals(
        ImmutableList.of(true, false),
        plan(disks, Path.of("/vms/db")).boxes().stream().map(Box::hasForeignDisks).toList());
  }

  @Test
  void two_boxes_never_get_one_file() {
    disks.makeDisk(disk("victim"), SIZE);
    disks.withDirectory(HOME.disksDirectory(box("thief")));
    assertTrue(disks.link(disk("victim"), disk("thief")));

    assertEquals(ImmutableList.of(), names(plan(disks)));
  }

  @Test
  void a_box_under_boxes_with_an_invalid_name_can_be_given_another_one() {
    disks.makeDisk(HOME.boxes().resolve("bad name/disks/disk.qcow2"), SIZE);

    RebuildPlan plan = plan(disks, HOME.boxes().resolve("bad name/disks"));

    assertEquals(ImmutableList.of("recovered-1"), names(plan));
    assertEquals(ImmutableList.of(), plan.leftOut());
  }

  private static ImmutableList<String> names(RebuildPlan plan) {
    return plan.boxes().stream()
        .map(Box::id)
        .map(Object::toString)
        .collect(ImmutableList.toImmutableList());
  }
}
