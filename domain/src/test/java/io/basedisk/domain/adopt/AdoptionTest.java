package io.basedisk.domain.adopt;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.basedisk.domain.adopt.DiskTree.ROOT;
import static io.basedisk.domain.adopt.DiskTree.file;
import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.box;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.adopt.AdoptionPlan.Entry;
import io.basedisk.domain.doctor.Doctor;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.testing.InMemoryImageLocks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adoptions: which files become what, which are left out, and what is recorded. */
final class AdoptionTest {

  private final DiskTree tree = new DiskTree();

  // What becomes of files.

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void named_files_become_bases_and_the_others_boxes(boolean intoHome) {
    tree.image("debian.qcow2")
        .overlay("patched.qcow2", "debian.qcow2")
        .overlay("web.qcow2", "patched.qcow2")
        .overlay("db.qcow2", "debian.qcow2")
        .image("alone.qcow2");
    Map<String, Map<Long, String>> before = DiskTree.reads(tree.disks, tree.plan(false), false);

    AdoptionPlan adopted = tree.adopt(intoHome);

    assertEquals(List.of("alone", "db", "web"), boxesOf(adopted));
    assertEquals(2, adopted.bases().size());
    assertFalse(adopted.leavesFilesOut());
    assertEquals(before, DiskTree.reads(tree.disks, adopted, true));
    assertEquals(List.of(0, 1, 2), adopted.boxes().stream().map(Entry::depth).toList());
    tree.fleet.check();
    assertEquals(List.of(), findings());
  }

  @Test
  void adopted_files_keep_place_name_owner_and_content() {
    tree.image("base.qcow2").overlay("web.qcow2", "base.qcow2");
    tree.disks.setMode(file("base.qcow2"), 0644);
    tree.disks.setOwner(file("web.qcow2"), 7, 8);
    List<Path> names = tree.disks.list();
    Object web = tree.disks.status(file("web.qcow2"));
    Object base = tree.disks.status(file("base.qcow2"));

    tree.adopt(false);

    assertEquals(names, tree.disks.list());
    assertEquals(web, tree.disks.status(file("web.qcow2")));
    assertEquals(base, tree.disks.status(file("base.qcow2")));
    Box box = tree.fleet.useCases.boxes().get(box("web")).box();
    assertEquals(file("web.qcow2"), box.disk(DiskSlot.CONTAINER));
    assertTrue(box.hasForeignDisks());
    assertTrue(recordedBases().get(0).diskInfo().isForeign());
  }

  @Test
  void moved_files_belong_to_the_home() {
    tree.image("base.qcow2").overlay("web.qcow2", "base.qcow2");

    tree.adopt(true);

    Box box = tree.fleet.useCases.boxes().get(box("web")).box();
    assertEquals(HOME.disksDirectory(box("web")), box.disksDir());
    assertFalse(box.hasForeignDisks());
    BaseDisk base = recordedBases().get(0);
    assertEquals(HOME.baseFile(base.id()), base.diskInfo().basePath());
    assertFalse(base.diskInfo().isForeign());
    assertEquals(ImmutableList.of(), tree.disks.list(ROOT));
  }

  @Test
  void a_moved_file_on_another_file_system_is_copied() {
    tree.disks.mount(file("mnt"));
    tree.image("mnt/base.qcow2").overlay("mnt/web.qcow2", "mnt/base.qcow2");

    AdoptionPlan adopted = tree.adopt(true);

    assertEquals(ImmutableList.of(), tree.disks.list(file("mnt")));
    assertEquals(
        Map.of("web", Map.of(1L, "mnt/base.qcow2", 2L, "mnt/web.qcow2")),
        DiskTree.reads(tree.disks, adopted, true));
    tree.fleet.check();
  }

  @Test
  void relative_and_symbolic_backing_names_are_followed() {
    tree.image("images/base.qcow2").overlay("vms/web.qcow2", "../images/base.qcow2", "qcow2");
    tree.disks.symlink(file("link.qcow2"), file("images/base.qcow2"));
    tree.overlay("db.qcow2", file("link.qcow2").toString(), "qcow2");

    AdoptionPlan plan = tree.plan(false);

    assertEquals(List.of("db", "web"), boxesOf(plan));
    assertEquals(1, plan.bases().size());
    assertEquals("is a symbolic link", whyOf(plan, "link.qcow2"));
  }

  @Test
  void moved_headers_name_the_new_place_whatever_the_old_name_was() {
    tree.image("images/base.qcow2").overlay("vms/web.qcow2", "../images/base.qcow2", "qcow2");

    tree.adopt(true);

    Path disk = HOME.disksDirectory(box("web")).resolve("disk.qcow2");
    assertEquals(
        recordedBases().get(0).diskInfo().basePath().toString(),
        tree.disks.readHeader(disk).backing().name());
  }

  @Test
  void a_raw_bottom_becomes_a_foreign_base_and_stays() {
    tree.raw("debian.img").overlay("web.qcow2", file("debian.img").toString(), "raw");
    Object bytes = List.of(tree.disks.sha256(file("debian.img"), Progress.NONE));

    AdoptionPlan adopted = tree.adopt(true);

    assertEquals("is raw, and bases in the home are qcow2", whyStays(adopted, "debian.img"));
    BaseDisk base = recordedBases().get(0);
    assertEquals(ImageFormat.RAW, base.diskInfo().format());
    assertTrue(base.diskInfo().isForeign());
    assertEquals(bytes, List.of(tree.disks.sha256(file("debian.img"), Progress.NONE)));
    assertEquals(
        file("debian.img").toString(),
        tree.disks.readHeader(adopted.boxes().get(0).file().finalPath()).backing().name());
    tree.fleet.check();
  }

  @Test
  void a_deep_chain_is_adopted() {
    tree.image("0.qcow2");
    int depth = 500;
    for (int i = 1; i <= depth; i++) {
      tree.overlay(i + ".qcow2", i - 1 + ".qcow2");
    }

    AdoptionPlan plan = tree.plan(false);

    assertEquals(1, plan.boxes().size());
    assertEquals(depth, plan.boxes().get(0).depth());
    assertEquals(depth, plan.bases().size());
  }

  @Test
  void a_disk_on_a_recorded_base_gets_it_as_its_base() {
    tree.fleet.create("maker");
    BaseDisk base = tree.fleet.fork("maker");
    tree.overlay("web.qcow2", base.diskInfo().basePath().toString(), "qcow2");

    tree.adopt(false);

    assertEquals(
        List.of(base.id()),
        tree.fleet.store.read(view -> view.references().listOf(box("web"))).stream()
            .map(reference -> reference.base())
            .toList());
    tree.fleet.check();
  }

  @Test
  void an_adopted_box_can_be_forked_and_cloned() {
    tree.image("base.qcow2").overlay("web.qcow2", "base.qcow2").overlay("db.qcow2", "base.qcow2");
    tree.adopt(false);
    Map<Long, String> before = tree.disks.guestReads(file("web.qcow2"));

    tree.fleet.snapshot("web", "clean");
    tree.fleet.cloneBox("web", "web-2");

    assertEquals(before, tree.disks.guestReads(file("web.qcow2")));
    assertEquals(before, tree.fleet.read("web-2"));
    assertEquals(Map.of(1L, "base.qcow2", 2L, "db.qcow2"), tree.disks.guestReads(file("db.qcow2")));
    tree.fleet.check();
  }

  @Test
  void a_vm_may_run_on_a_disk_that_stays() {
    tree.image("base.qcow2").overlay("web.qcow2", "base.qcow2");
    AdoptionPlan plan = tree.plan(false);
    try (InMemoryImageLocks.Open vm = tree.fleet.imageLocks.startVm(file("web.qcow2"))) {
      assertTrue(vm != null);
      tree.disks.guestWrites(file("web.qcow2"), 5, "while it is adopted");
      tree.fleet.useCases.adoption().adopt(plan);
    }
    tree.fleet.check();
  }

  @Test
  void a_disk_that_a_vm_has_open_does_not_move_nor_do_the_files_below_it() {
    tree.image("base.qcow2").overlay("web.qcow2", "base.qcow2").overlay("db.qcow2", "base.qcow2");
    try (InMemoryImageLocks.Open vm = tree.fleet.imageLocks.startVm(file("web.qcow2"))) {
      assertTrue(vm != null);
      AdoptionPlan adopted = tree.adopt(true);
      assertEquals("is open in process 42 (a VM)", whyStays(adopted, "web.qcow2"));
      assertEquals(
          file("web.qcow2") + " backs onto it, and is not moved", whyStays(adopted, "base.qcow2"));
    }
    assertFalse(tree.disks.status(file("db.qcow2")).isPresent());
    tree.fleet.check();
  }

  // What is left out.

  @Test
  void a_base_that_a_process_writes_to_is_left_out_with_what_is_above_it() {
    tree.image("base.qcow2").overlay("web.qcow2", "base.qcow2").image("other.qcow2");
    try (InMemoryImageLocks.Open vm = tree.fleet.imageLocks.openForWriting(file("base.qcow2"))) {
      assertTrue(vm != null);
      AdoptionPlan plan = tree.plan(false);
      assertEquals(List.of("other"), boxesOf(plan));
      assertEquals(
          "is open for writing in process 42 (a VM), and a base must not change",
          whyOf(plan, "base.qcow2"));
      assertEquals(
          "backs onto " + file("base.qcow2") + ", which is left out", whyOf(plan, "web.qcow2"));
    }
  }

  @Test
  void a_file_outside_the_directory_is_opened_only_if_it_is_allowed() {
    tree.disks.makeDisk(Path.of("/elsewhere/base.qcow2"), 1 << 20);
    tree.overlay("web.qcow2", "/elsewhere/base.qcow2", "qcow2");

    AdoptionPlan refused = tree.plan(false);
    AdoptionPlan allowed =
        tree.fleet
            .useCases
            .adoption()
            .plan(DiskTree.request(null, Path.of("/elsewhere/base.qcow2")));

    assertEquals(
        "backs onto /elsewhere/base.qcow2, which is outside /vms", whyOf(refused, "web.qcow2"));
    assertEquals(
        new Remedy.AllowBacking(Path.of("/elsewhere/base.qcow2")),
        refused.leftOut().get(0).remedy());
    assertEquals(List.of("web"), boxesOf(allowed));
    assertTrue(allowed.leftOut().isEmpty());
  }

  @Test
  void a_format_that_no_header_tells_must_be_told() {
    tree.image("base.qcow2").overlay("web.qcow2", file("base.qcow2").toString(), null);

    AdoptionPlan untold = tree.plan(false);
    AdoptionPlan told = tree.fleet.useCases.adoption().plan(DiskTree.request(ImageFormat.QCOW2));

    assertTrue(whyOf(untold, "web.qcow2").startsWith("does not say the format"), untold::toString);
    assertEquals("only images that are left out back onto it", whyOf(untold, "base.qcow2"));
    assertEquals(List.of("web"), boxesOf(told));
  }

  @Test
  void a_raw_base_whose_format_only_the_record_tells_can_be_forked_and_examined() {
    tree.raw("base.img").overlay("web.qcow2", file("base.img").toString(), null);
    Adoption adoption = tree.fleet.useCases.adoption();
    adoption.adopt(adoption.plan(DiskTree.request(ImageFormat.RAW)));

    assertEquals(List.of(), findings());
    tree.fleet.snapshot("web", "clean");
    assertEquals(List.of(), findings());
  }

  @Test
  void a_told_format_that_is_wrong_leaves_the_chain_out() {
    tree.raw("base.img").overlay("web.qcow2", file("base.img").toString(), null);

    AdoptionPlan told = tree.fleet.useCases.adoption().plan(DiskTree.request(ImageFormat.QCOW2));

    assertEquals("is not a qcow2 image", whyOf(told, "base.img"));
    assertTrue(told.files().isEmpty());
  }

  @Test
  void two_formats_of_one_file_leave_it_out() {
    tree.image("base.qcow2")
        .overlay("a.qcow2", "base.qcow2")
        .overlay("b.qcow2", file("base.qcow2").toString(), "raw");

    AdoptionPlan plan = tree.plan(false);

    assertTrue(plan.files().isEmpty());
    assertEquals(
        "one image names it as qcow2, and another names it as raw", whyOf(plan, "base.qcow2"));
  }

  @Test
  void cycles_missing_files_and_unsupported_names_are_left_out() {
    tree.overlay("a.qcow2", "b.qcow2").overlay("b.qcow2", "a.qcow2").overlay("c.qcow2", "a.qcow2");
    tree.overlay("own.qcow2", "own.qcow2");
    tree.overlay("lost.qcow2", "gone.qcow2");
    tree.overlay("nbd.qcow2", "nbd://server/disk", "raw");
    tree.overlay("vmdk.qcow2", file("x.vmdk").toString(), "vmdk").raw("x.vmdk");

    AdoptionPlan plan = tree.plan(false);

    assertTrue(plan.files().isEmpty());
    assertEquals("backs onto " + file("a.qcow2") + ", which is left out", whyOf(plan, "c.qcow2"));
    assertTrue(
        whyOf(plan, "a.qcow2").contains("cycle") || whyOf(plan, "b.qcow2").contains("cycle"));
    assertEquals("its backing chain is a cycle", whyOf(plan, "own.qcow2"));
    assertEquals(
        "its backing file " + file("gone.qcow2") + " is missing", whyOf(plan, "lost.qcow2"));
    assertTrue(whyOf(plan, "nbd.qcow2").contains("not a plain file path"));
    assertEquals(
        "the format \"vmdk\" of its backing file is not supported", whyOf(plan, "vmdk.qcow2"));
  }

  @Test
  void special_unreadable_corrupt_and_other_files_are_left_out() {
    tree.image("good.qcow2").image("secret.qcow2").image("corrupt.qcow2").raw("notes.txt");
    tree.disks.makeFifo(file("fifo"));
    tree.disks.makeUnreadable(file("secret.qcow2"));
    tree.disks.alterHeader(
        file("corrupt.qcow2"),
        header ->
            new ImageHeader(
                header.version(), header.virtualSize(), null, header.dirty(), true, 0, 0));

    AdoptionPlan plan = tree.plan(false);

    assertEquals(List.of("good"), boxesOf(plan));
    assertEquals("is a FIFO", whyOf(plan, "fifo"));
    assertEquals("permission denied", whyOf(plan, "secret.qcow2"));
    assertEquals("is marked as corrupt", whyOf(plan, "corrupt.qcow2"));
    assertEquals("is not a qcow2 image", whyOf(plan, "notes.txt"));
  }

  @Test
  void a_file_with_two_names_is_left_out() {
    tree.image("a.qcow2").image("base.qcow2").overlay("web.qcow2", "base.qcow2");
    tree.disks.link(file("a.qcow2"), file("b.qcow2"));
    tree.disks.link(file("base.qcow2"), Path.of("/other-name.qcow2"));

    AdoptionPlan plan = tree.plan(false);

    assertTrue(plan.files().isEmpty());
    assertEquals("has 2 names", whyOf(plan, "a.qcow2"));
    assertEquals("has 2 names", whyOf(plan, "b.qcow2"));
    assertEquals("has 2 names", whyOf(plan, "base.qcow2"));
  }

  @Test
  void a_base_that_the_owner_of_an_overlay_can_t_read_is_left_out() {
    tree.image("secret.qcow2").overlay("web.qcow2", "secret.qcow2");
    tree.disks.setMode(file("secret.qcow2"), 0600);
    tree.disks.setOwner(file("web.qcow2"), 1000, 1000);

    AdoptionPlan refused = tree.plan(false);
    AdoptionPlan allowed =
        tree.fleet.useCases.adoption().plan(DiskTree.request(null, file("secret.qcow2")));

    assertTrue(whyOf(refused, "web.qcow2").contains("can't read"), refused::toString);
    assertEquals(List.of("web"), boxesOf(allowed));
  }

  @Test
  void a_second_adoption_finds_everything_recorded() {
    tree.image("base.qcow2").overlay("web.qcow2", "base.qcow2");
    tree.adopt(false);

    AdoptionPlan again = tree.plan(false);

    assertTrue(again.files().isEmpty());
    assertFalse(again.leavesFilesOut());
    assertEquals("is the disk of box web already", whyOf(again, "web.qcow2"));
  }

  @Test
  void a_new_overlay_of_an_adopted_base_is_adopted_onto_it() {
    tree.image("base.qcow2").overlay("web.qcow2", "base.qcow2");
    tree.adopt(false);
    tree.overlay("db.qcow2", "base.qcow2");

    AdoptionPlan again = tree.adopt(false);

    assertEquals(List.of("db"), boxesOf(again));
    assertEquals(1, recordedBases().size());
    tree.fleet.check();
  }

  @Test
  void a_new_overlay_of_an_adopted_disk_is_left_out() {
    tree.image("web.qcow2");
    tree.adopt(false);
    tree.overlay("above.qcow2", "web.qcow2");

    assertTrue(whyOf(tree.plan(false), "above.qcow2").contains("the disk of box web"));
  }

  @Test
  void homes_are_skipped_and_refused() {
    Path other = file("other-home");
    tree.disks.withDirectory(other.resolve("boxes/web/disks"));
    tree.disks.withDirectory(other.resolve("bases"));
    tree.disks.withDirectory(other.resolve("db"));
    tree.disks.writeBytes(other.resolve("home.json"), new byte[1]);
    tree.image("other-home/boxes/web/disks/disk.qcow2");
    tree.overlay("web.qcow2", "other-home/boxes/web/disks/disk.qcow2");

    AdoptionPlan plan = tree.plan(false);

    assertTrue(plan.files().isEmpty());
    assertEquals("is a home of basedisk", whyOf(plan, "other-home"));
    assertRefused(other.resolve("boxes"), "a home of basedisk");
    assertRefused(HOME.boxes(), "is in the home");
  }

  private void assertRefused(Path directory, String reason) {
    RefusedException refused =
        assertThrows(
            RefusedException.class,
            () ->
                tree.fleet
                    .useCases
                    .adoption()
                    .plan(new AdoptionRequest(directory, null, ImmutableSet.of(), false)));
    assertTrue(String.valueOf(refused.getMessage()).contains(reason), refused::toString);
  }

  @Test
  void a_file_that_is_no_directory_or_is_missing_is_refused() {
    tree.image("web.qcow2");
    Adoption adoption = tree.fleet.useCases.adoption();

    assertThrows(
        InvalidArgumentException.class,
        () ->
            adoption.plan(new AdoptionRequest(file("web.qcow2"), null, ImmutableSet.of(), false)));
    assertThrows(
        NotFoundException.class,
        () -> adoption.plan(new AdoptionRequest(file("gone"), null, ImmutableSet.of(), false)));
  }

  // Names.

  @Test
  void boxes_are_named_after_files_or_after_directories_and_files() {
    tree.image("default/diffdisk")
        .image("podman/diffdisk")
        .image("c0ffee/hda_disk.qcow2")
        .image("web.qcow2")
        .image("a/api.qcow2")
        .image("b/api.qcow2")
        .image("_odd name+.img")
        .image("vm7/disks/disk.qcow2");

    assertEquals(
        ImmutableSet.of(
            "default-diffdisk",
            "podman-diffdisk",
            "c0ffee-hda_disk",
            "web",
            "a-api",
            "b-api",
            "odd-name-",
            "vm7-disk"),
        ImmutableSet.copyOf(boxesOf(tree.plan(false))));
  }

  @Test
  void clashing_names_get_numbers() {
    tree.fleet.create("web");
    tree.image("web.qcow2").image("x y.qcow2").image("x-y.qcow2");

    assertEquals(
        ImmutableSet.of("web-2", "x-y", "x-y-2"), ImmutableSet.copyOf(boxesOf(tree.plan(false))));
  }

  // Plans that are out of date.

  @Test
  void a_plan_that_is_out_of_date_is_refused_and_changes_nothing() {
    tree.image("base.qcow2").overlay("web.qcow2", "base.qcow2");
    AdoptionPlan plan = tree.plan(false);
    tree.overlay("above.qcow2", "web.qcow2");

    assertThrows(RefusedException.class, () -> tree.fleet.useCases.adoption().adopt(plan));

    assertEquals(ImmutableList.of(), recordedBases());
    assertTrue(tree.fleet.store.read(view -> view.boxes().list()).isEmpty());
  }

  @Test
  void a_base_that_was_written_to_since_the_plan_is_refused() {
    tree.image("base.qcow2").overlay("web.qcow2", "base.qcow2");
    AdoptionPlan plan = tree.plan(false);
    tree.disks.guestWrites(file("base.qcow2"), 7, "later");

    assertThrows(RefusedException.class, () -> tree.fleet.useCases.adoption().adopt(plan));
  }

  @Test
  void a_name_that_was_given_away_since_the_plan_is_refused() {
    tree.image("web.qcow2");
    AdoptionPlan plan = tree.plan(false);
    tree.fleet.beforeEachStep(
        step -> {
          tree.fleet.beforeEachStep(other -> {});
          tree.fleet.create("web");
        });

    RuntimeException refused =
        assertThrows(RuntimeException.class, () -> tree.fleet.useCases.adoption().adopt(plan));
    assertTrue(
        refused instanceof AlreadyExistsException || refused instanceof RefusedException,
        refused::toString);
  }

  @Test
  void a_writer_that_comes_during_the_move_undoes_it() {
    tree.image("base.qcow2").overlay("web.qcow2", "base.qcow2");
    List<InMemoryImageLocks.Open> vms = new ArrayList<>();
    tree.fleet.beforeEachStep(
        step -> {
          if (step.startsWith("rename") && vms.isEmpty()) {
            vms.add(tree.fleet.imageLocks.openForWriting(file("web.qcow2")));
          }
        });

    assertThrows(RefusedException.class, () -> tree.adopt(true));
    vms.forEach(InMemoryImageLocks.Open::close);
    tree.fleet.beforeEachStep(step -> {});
    tree.fleet.useCases.recover();

    assertEquals(
        Map.of(1L, "base.qcow2", 2L, "web.qcow2"), tree.disks.guestReads(file("web.qcow2")));
    assertEquals(ImmutableList.of(), recordedBases());
    tree.fleet.check();
  }

  // Shared helpers.

  private List<Object> findings() {
    return List.copyOf(tree.fleet.useCases.doctor().examine(Doctor.Depth.METADATA).findings());
  }

  private ImmutableList<BaseDisk> recordedBases() {
    return tree.fleet.store.read(view -> view.bases().list(BaseFilter.ALL));
  }

  private static List<String> boxesOf(AdoptionPlan plan) {
    return plan.boxes().stream()
        .map(entry -> entry.box(plan.at()).orElseThrow().id().value())
        .collect(toImmutableList());
  }

  private static String whyOf(AdoptionPlan plan, String name) {
    return plan.leftOut().stream()
        .filter(left -> left.file().equals(file(name)))
        .map(UnadoptedFile::why)
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not left out: " + plan));
  }

  private static String whyStays(AdoptionPlan plan, String name) {
    return plan.files().stream()
        .filter(entry -> entry.file().path().equals(file(name)))
        .map(entry -> String.valueOf(entry.whyStays()))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not adopted: " + plan));
  }
}
