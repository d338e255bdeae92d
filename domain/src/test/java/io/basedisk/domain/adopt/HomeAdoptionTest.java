package io.basedisk.domain.adopt;

import static io.basedisk.domain.adopt.BoxLiteTree.CREATED;
import static io.basedisk.domain.adopt.BoxLiteTree.ROOT;
import static io.basedisk.domain.adopt.BoxLiteTree.disk;
import static io.basedisk.domain.adopt.BoxLiteTree.file;
import static io.basedisk.domain.testing.Fleet.box;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.ImageCheck;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryImageLocks;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class HomeAdoptionTest {

  private static List<BaseDisk> bases(Fleet fleet) {
    return fleet.store.read(view -> view.bases().list(BaseFilter.ALL));
  }

  private static Set<String> boxes(Fleet fleet) {
    return fleet.store.read(view -> view.boxes().list()).stream()
        .map(box -> box.id().value())
        .collect(Collectors.toSet());
  }

  private static String describe(BaseDisk base) {
    return base.kind().label()
        + " "
        + base.sourceBoxId()
        + " "
        + (base.name() == null ? "-" : base.name().value());
  }

  private static Set<String> describe(Fleet fleet) {
    return bases(fleet).stream().map(HomeAdoptionTest::describe).collect(Collectors.toSet());
  }

  // What is copied.

  @Test
  void boxes_snapshots_clones_and_rootfs_entries_are_copied_with_their_names_and_times() {
    BoxLiteTree tree = BoxLiteTree.ofAll();
    Map<Path, String> before = BoxLiteTree.state(tree.disks);
    HomeAdoptionPlan plan = tree.plan();
    Map<String, Map<Long, String>> reads = BoxLiteTree.reads(tree.disks, plan, false);

    tree.fleet.useCases.homeAdoption().adopt(plan);

    assertEquals(List.of(), List.copyOf(plan.leftOut()));
    assertEquals(Set.of("web", "copy", "box3"), boxes(tree.fleet));
    assertEquals(
        Set.of(
            "rootfs __global__ debian-1234",
            "snapshot web clean",
            "clone_base web -",
            "clone_base __global__ -"),
        describe(tree.fleet));
    assertTrue(
        bases(tree.fleet).stream()
            .filter(base -> !describe(base).equals("clone_base __global__ -"))
            .allMatch(base -> base.createdAt().equals(Instant.ofEpochSecond(CREATED))));
    assertEquals(6, reads.size());
    assertEquals(reads, BoxLiteTree.reads(tree.disks, plan, true));
    assertEquals(before, BoxLiteTree.state(tree.disks));
    tree.fleet.check();
  }

  @Test
  void every_copied_header_names_a_base_of_this_home_as_qcow2() {
    BoxLiteTree tree = BoxLiteTree.ofAll();
    HomeAdoptionPlan plan = tree.adopt();

    for (HomeAdoptionPlan.Entry entry : plan.files()) {
      BackingFile backing = tree.disks.readHeader(entry.file().made().path()).backing();
      if (backing != null) {
        assertEquals("qcow2", backing.format());
        assertEquals(Fleet.HOME.bases(), Path.of(backing.name()).getParent());
      }
    }
  }

  @Test
  void a_plan_changes_nothing() {
    BoxLiteTree tree = BoxLiteTree.ofAll();
    Set<Path> before = ImmutableSet.copyOf(tree.disks.list());

    tree.plan();

    assertEquals(before, ImmutableSet.copyOf(tree.disks.list()));
    assertEquals(Set.of(), boxes(tree.fleet));
  }

  @Test
  void a_copy_lives_on_without_the_other_home() {
    BoxLiteTree tree = BoxLiteTree.ofAll();
    HomeAdoptionPlan plan = tree.adopt();
    Map<String, Map<Long, String>> reads = BoxLiteTree.reads(tree.disks, plan, true);
    for (HomeAdoptionPlan.Entry entry : plan.files()) {
      tree.disks.remove(entry.file().source());
    }

    assertEquals(reads, BoxLiteTree.reads(tree.disks, plan, true));
    tree.fleet.restore("web", "clean");
    tree.fleet.useCases.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);
    tree.fleet.check();
  }

  @Test
  void a_chain_of_any_depth_is_copied() {
    BoxLiteTree tree = new BoxLiteTree().image("bases/layer-0.qcow2");
    for (int i = 1; i <= 40; i++) {
      tree.overlay("bases/layer-" + i + ".qcow2", "bases/layer-" + (i - 1) + ".qcow2", "qcow2");
    }
    tree.overlay(disk("deep"), "bases/layer-40.qcow2", "qcow2").box("deep", "deep");

    HomeAdoptionPlan plan = tree.adopt();

    assertEquals(41, tree.fleet.depth("deep"));
    assertEquals(41, plan.boxes().get(0).depth());
    tree.fleet.check();
  }

  @Test
  void a_relative_backing_name_becomes_absolute() {
    BoxLiteTree tree = new BoxLiteTree().image("bases/base0001.qcow2").image(disk("a"));
    tree.disks.alterHeader(
        file(disk("a")),
        header ->
            BoxLiteTree.withBacking(
                header, new BackingFile("../../../bases/base0001.qcow2", "qcow2")));
    tree.box("a", "web");

    tree.adopt();

    assertEquals(1, tree.fleet.depth("web"));
    tree.fleet.check();
  }

  @Test
  void a_snapshot_that_is_recorded_twice_is_copied_once() {
    BoxLiteTree tree =
        new BoxLiteTree()
            .image("boxes/a/snapshots/one/disk.qcow2")
            .base("a", "one", BaseDiskKind.SNAPSHOT, "boxes/a/snapshots/one/disk.qcow2")
            .base("a", "one", BaseDiskKind.SNAPSHOT, "boxes/a/snapshots/one/disk.qcow2")
            .image(disk("a"))
            .box("a", "web");

    HomeAdoptionPlan plan = tree.adopt();

    assertEquals(List.of(), List.copyOf(plan.leftOut()));
    assertEquals(Set.of("snapshot web one"), describe(tree.fleet));
  }

  // Names.

  @Test
  void names_that_are_taken_or_not_valid_become_new_ones_and_the_plan_says_so() {
    BoxLiteTree tree = new BoxLiteTree();
    tree.fleet.create("web");
    tree.fleet.addRootfs("debian", tree.fleet.image("debian.qcow2", "d"));
    tree.image("bases/root0001.qcow2")
        .base("__global__", "debian", BaseDiskKind.ROOTFS, "bases/root0001.qcow2")
        .image("bases/snap0001.qcow2")
        .base("a", "../a/b ", BaseDiskKind.SNAPSHOT, "bases/snap0001.qcow2")
        .image("bases/snap0002.qcow2")
        .base("a", "-", BaseDiskKind.SNAPSHOT, "bases/snap0002.qcow2")
        .image("bases/snap0003.qcow2")
        .base("a", "\u00e4".repeat(2000), BaseDiskKind.SNAPSHOT, "bases/snap0003.qcow2")
        .image(disk("a"))
        .box("a", "web")
        .image(disk("b"))
        .box("b", "../../etc");

    HomeAdoptionPlan plan = tree.adopt();

    assertEquals(Set.of("web", "web-2", "etc"), boxes(tree.fleet));
    assertEquals(
        Set.of(
            "rootfs __global__ debian",
            "rootfs __global__ debian-2",
            "snapshot web-2 a-b",
            "snapshot web-2 snapshot",
            "snapshot web-2 " + "\u00e4".repeat(127)),
        describe(tree.fleet));
    Map<String, String> former = new TreeMap<>();
    plan.files().forEach(entry -> former.put(entry.file().source().toString(), entry.formerName()));
    assertEquals("web", former.get(file(disk("a")).toString()));
    assertEquals("../a/b ", former.get(file("bases/snap0001.qcow2").toString()));
    tree.fleet.check();
  }

  @Test
  void a_second_adoption_gets_other_names() {
    BoxLiteTree tree = BoxLiteTree.ofAll();
    tree.adopt();

    tree.adopt();

    assertEquals(Set.of("web", "copy", "box3", "web-2", "copy-2", "box3-2"), boxes(tree.fleet));
    tree.fleet.check();
  }

  // What is left out.

  private static void assertLeftOut(BoxLiteTree tree, String file, String why) {
    Map<String, String> leftOut = tree.leftOut();
    assertTrue(
        leftOut.getOrDefault(file, "").contains(why), () -> file + " in " + leftOut.toString());
    tree.adopt();
    tree.fleet.check();
  }

  private static BoxLiteTree withSoundBox() {
    return new BoxLiteTree().image(disk("sound")).box("sound", "sound");
  }

  @Test
  void a_box_whose_disk_is_in_use_is_left_out_and_the_others_are_copied() {
    BoxLiteTree tree = withSoundBox().image(disk("a")).box("a", "web", null, "running");
    try (InMemoryImageLocks.Open vm = tree.fleet.imageLocks.startVm(file(disk("a")))) {
      assertTrue(vm != null);
      assertLeftOut(tree, disk("a"), "open");
    }
    assertEquals(Set.of("sound"), boxes(tree.fleet));
  }

  @Test
  void a_box_that_is_called_running_but_is_not_in_use_is_copied_with_a_note() {
    BoxLiteTree tree = new BoxLiteTree().image(disk("a")).box("a", "web", null, "running");

    HomeAdoptionPlan plan = tree.adopt();

    assertTrue(plan.boxes().get(0).note().contains("running"));
    assertEquals(Set.of("web"), boxes(tree.fleet));
  }

  @Test
  void an_interrupted_snapshot_is_noted() {
    BoxLiteTree tree = new BoxLiteTree().image(disk("a")).box("a", "web");
    tree.raw("boxes/a/.snapshot_pending");

    assertTrue(tree.plan().boxes().get(0).note().contains("snapshot"));
  }

  @Test
  void a_missing_disk_is_left_out() {
    assertLeftOut(withSoundBox().box("gone", "gone"), disk("gone"), "missing");
  }

  @Test
  void a_missing_backing_file_is_left_out_with_what_is_above() {
    BoxLiteTree tree =
        withSoundBox()
            .overlay("bases/base0001.qcow2", "bases/gone.qcow2", "qcow2")
            .base("a", "s", BaseDiskKind.SNAPSHOT, "bases/base0001.qcow2")
            .overlay(disk("a"), "bases/base0001.qcow2", "qcow2")
            .box("a", "web");
    assertTrue(tree.leftOut().get("bases/base0001.qcow2").contains("missing"));
    assertLeftOut(tree, disk("a"), "left out");
  }

  @Test
  void a_disk_or_backing_file_outside_the_home_is_left_out() {
    BoxLiteTree tree =
        withSoundBox()
            .box("a", "a", "/etc", null)
            .overlay(disk("b"), "/secret/base.qcow2", "qcow2")
            .box("b", "b");
    tree.disks.makeDisk(Path.of("/etc/disks/disk.qcow2"), 1 << 20);
    tree.disks.makeDisk(Path.of("/secret/base.qcow2"), 1 << 20);
    assertTrue(tree.leftOut().get("/etc/disks/disk.qcow2").contains("outside"));
    assertLeftOut(tree, disk("b"), "outside");
    assertEquals(Set.of("sound"), boxes(tree.fleet));
  }

  @Test
  void a_path_with_dots_that_leads_outside_is_left_out() {
    BoxLiteTree tree = withSoundBox().box("a", "a", ROOT + "/boxes/../../../etc", null);
    tree.disks.makeDisk(Path.of("/etc/disks/disk.qcow2"), 1 << 20);
    tree.adopt();
    assertEquals(Set.of("sound"), boxes(tree.fleet));
  }

  @Test
  void a_box_whose_id_is_a_path_is_left_out() {
    BoxLiteTree tree = withSoundBox().box("../../../etc", "a");
    tree.disks.makeDisk(Path.of("/etc/disks/disk.qcow2"), 1 << 20);
    tree.adopt();
    assertEquals(Set.of("sound"), boxes(tree.fleet));
  }

  @Test
  void a_path_that_no_file_can_have_is_left_out() {
    BoxLiteTree tree =
        withSoundBox()
            .box("nul", "nul", "/u/boxlite/\0", null)
            .box("rel", "rel", "boxes/rel", null)
            .box("long", "long", "/" + "x".repeat(5000), null);
    assertEquals(3, tree.plan().leftOut().size());
    tree.adopt();
    assertEquals(Set.of("sound"), boxes(tree.fleet));
  }

  @Test
  void a_symbolic_link_is_left_out() {
    BoxLiteTree tree = withSoundBox().image("images/real.qcow2");
    tree.disks.withDirectory(file(disk("a")).getParent());
    tree.disks.symlink(file(disk("a")), file("images/real.qcow2"));
    assertLeftOut(tree.box("a", "a"), disk("a"), "symbolic link");
  }

  @Test
  void a_file_with_two_names_is_left_out() {
    BoxLiteTree tree = withSoundBox().image(disk("a")).box("a", "a");
    tree.disks.link(file(disk("a")), file("other.qcow2"));
    assertLeftOut(tree, disk("a"), "2 names");
  }

  @Test
  void a_cycle_is_left_out() {
    BoxLiteTree tree =
        withSoundBox()
            .overlay("bases/one.qcow2", "bases/two.qcow2", "qcow2")
            .overlay("bases/two.qcow2", "bases/one.qcow2", "qcow2")
            .base("a", "s", BaseDiskKind.SNAPSHOT, "bases/one.qcow2")
            .overlay(disk("a"), "bases/one.qcow2", "qcow2")
            .box("a", "web");
    assertLeftOut(tree, disk("a"), "left out");
  }

  @Test
  void a_disk_that_backs_onto_itself_is_left_out() {
    BoxLiteTree tree = withSoundBox().overlay(disk("a"), disk("a"), "qcow2").box("a", "a");
    assertLeftOut(tree, disk("a"), "backing file of another image");
  }

  @Test
  void a_file_that_is_no_image_is_left_out() {
    assertLeftOut(withSoundBox().raw(disk("a")).box("a", "a"), disk("a"), "qcow2");
  }

  @Test
  void a_damaged_or_corrupt_image_is_left_out() {
    BoxLiteTree tree = withSoundBox().image(disk("a")).box("a", "a").image(disk("b")).box("b", "b");
    tree.disks.damage(file(disk("a")), new ImageCheck(1, 0));
    tree.disks.alterHeader(
        file(disk("b")),
        header -> new ImageHeader(3, header.virtualSize(), null, false, true, 0, 0));
    assertTrue(tree.leftOut().get(disk("a")).contains("damaged"));
    assertLeftOut(tree, disk("b"), "corrupt");
    assertEquals(Set.of("sound"), boxes(tree.fleet));
  }

  @Test
  void a_backing_format_that_no_header_names_is_never_guessed() {
    BoxLiteTree tree =
        withSoundBox()
            .image("bases/base0001.qcow2")
            .overlay(disk("a"), "bases/base0001.qcow2", null)
            .box("a", "a");
    assertLeftOut(tree, disk("a"), "never guessed");
  }

  @Test
  void a_file_that_two_headers_name_with_two_formats_is_left_out() {
    BoxLiteTree tree =
        withSoundBox()
            .image("bases/base0001.qcow2")
            .overlay(disk("a"), "bases/base0001.qcow2", "qcow2")
            .overlay(disk("b"), "bases/base0001.qcow2", "raw")
            .box("a", "a")
            .box("b", "b");
    assertLeftOut(tree, disk("a"), "left out");
    assertEquals(Set.of("sound"), boxes(tree.fleet));
  }

  @Test
  void a_disk_of_two_boxes_is_left_out() {
    BoxLiteTree tree =
        withSoundBox()
            .image(disk("a"))
            .box("a", "a")
            .box("b", "b", file("boxes/a").toString(), null);
    assertLeftOut(tree, disk("a"), "several boxes");
    assertEquals(Set.of("sound"), boxes(tree.fleet));
  }

  @Test
  void a_snapshot_of_a_box_that_is_gone_and_a_base_that_nothing_needs_are_left_out() {
    BoxLiteTree tree =
        withSoundBox()
            .image("bases/snap0001.qcow2")
            .base("gone", "s", BaseDiskKind.SNAPSHOT, "bases/snap0001.qcow2")
            .image("bases/clone001.qcow2")
            .base("gone", null, BaseDiskKind.CLONE_BASE, "bases/clone001.qcow2");
    assertTrue(tree.leftOut().get("bases/clone001.qcow2").contains("needs it"));
    assertLeftOut(tree, "bases/snap0001.qcow2", "gone");
  }

  @Test
  void a_base_whose_copy_is_pending_is_left_out() {
    BoxLiteTree tree =
        withSoundBox()
            .image("bases/root0001.qcow2")
            .raw("bases/root0001.copy-pending")
            .base("__global__", "k", BaseDiskKind.ROOTFS, "bases/root0001.qcow2");
    assertLeftOut(tree, "bases/root0001.qcow2", "not completely copied");
  }

  // Refusals.

  @Test
  void a_directory_that_is_no_home_or_is_in_this_one_is_refused() {
    BoxLiteTree tree = withSoundBox();
    HomeAdoption adoption = tree.fleet.useCases.homeAdoption();
    assertThrows(NotFoundException.class, () -> adoption.plan(Path.of("/nowhere")));
    assertThrows(InvalidArgumentException.class, () -> adoption.plan(file(disk("sound"))));
    assertThrows(RefusedException.class, () -> adoption.plan(Fleet.HOME.boxes()));
  }

  @Test
  void a_home_that_changed_since_the_plan_is_refused_and_nothing_is_copied() {
    BoxLiteTree tree = BoxLiteTree.ofAll();
    HomeAdoptionPlan plan = tree.plan();
    tree.disks.guestWrites(file(disk("box3")), 7, "since");

    assertThrows(RefusedException.class, () -> tree.fleet.useCases.homeAdoption().adopt(plan));

    assertEquals(Set.of(), boxes(tree.fleet));
    assertEquals(Set.of(), tree.fleet.files());
  }

  @Test
  void a_file_that_changes_while_it_is_copied_is_refused_and_nothing_is_copied() {
    BoxLiteTree tree = BoxLiteTree.ofAll();
    HomeAdoptionPlan plan = tree.plan();
    Path disk = file(disk("box3"));
    boolean[] written = new boolean[1];
    tree.fleet.beforeEachStep(
        step -> {
          if (!written[0] && step.startsWith("copy " + disk)) {
            written[0] = true;
            tree.disks.guestWrites(disk, 7, "during the copy");
          }
        });

    assertThrows(RefusedException.class, () -> tree.fleet.useCases.homeAdoption().adopt(plan));

    assertTrue(written[0]);
    tree.fleet.beforeEachStep(step -> {});
    assertEquals(Set.of(), boxes(tree.fleet));
    assertEquals(Set.of(), tree.fleet.files());
  }

  @Test
  void a_name_that_is_given_since_the_plan_is_refused_and_nothing_is_copied() {
    BoxLiteTree tree = BoxLiteTree.ofAll();
    HomeAdoptionPlan plan = tree.plan();
    tree.fleet.create("web");

    assertThrows(RefusedException.class, () -> tree.fleet.useCases.homeAdoption().adopt(plan));

    assertEquals(Set.of("web"), boxes(tree.fleet));
  }

  @Test
  void an_adopted_box_is_at_its_usual_place() {
    BoxLiteTree tree = withSoundBox();
    tree.adopt();
    Box adopted = tree.fleet.store.read(view -> view.boxes().find(box("sound"))).orElseThrow();
    assertEquals(Fleet.disk("sound"), adopted.disk(DiskSlot.CONTAINER));
    assertEquals(BoxId.of("sound"), adopted.id());
    assertEquals(false, adopted.hasForeignDisks());
  }
}
