package io.basedisk.domain.testing;

import static io.basedisk.domain.testing.Records.NOON;
import static io.basedisk.domain.testing.Records.base;
import static io.basedisk.domain.testing.Records.box;
import static io.basedisk.domain.testing.Records.disksDir;
import static io.basedisk.domain.testing.Records.id;
import static io.basedisk.domain.testing.Records.reference;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.SnapshotName;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a store does with boxes. */
abstract class StoreBoxesContract extends StoreContractPart {

  @Test
  void a_box_is_found_by_its_name_with_every_field() {
    Box box = box("Box_1.x-y").in(Path.of("/else where/ü")).createdAt(NOON.plusSeconds(5)).build();
    write(tx -> tx.boxes().insert(box));

    assertEquals(box, read(view -> view.boxes().find(box.id())).orElseThrow());
  }

  @Test
  void a_box_that_is_not_registered_is_not_found() {
    assertTrue(read(view -> view.boxes().find(BoxId.of("box-1"))).isEmpty());
  }

  @Test
  void a_box_is_found_by_its_disks_directory() {
    write(tx -> insertBoxes(tx, "box-1", "box-2"));

    assertEquals(
        box("box-2").build(),
        read(view -> view.boxes().findByDisksDir(disksDir("box-2"))).orElseThrow());
    assertTrue(read(view -> view.boxes().findByDisksDir(disksDir("box-3"))).isEmpty());
  }

  @Test
  void a_box_is_found_by_each_of_its_disks() {
    Box box = box("box-1").in(Path.of("/vms")).disks("a.qcow2", "a-root.qcow2").build();
    Box other = box("box-2").in(Path.of("/vms")).disks("b.qcow2", "b-root.qcow2").build();
    write(
        tx -> {
          tx.boxes().insert(box);
          tx.boxes().insert(other);
        });

    for (Box one : ImmutableList.of(box, other)) {
      for (DiskSlot slot : DiskSlot.values()) {
        assertEquals(one, read(view -> view.boxes().findByDisk(one.disk(slot))).orElseThrow());
      }
    }
    assertTrue(read(view -> view.boxes().findByDisk(Path.of("/vms/disk.qcow2"))).isEmpty());
    assertTrue(read(view -> view.boxes().findByDisk(Path.of("/vms"))).isEmpty());
    assertEquals(ImmutableList.of(other, box), read(view -> view.boxes().list()));
  }

  @Test
  void a_directory_may_hold_disks_of_several_boxes() {
    Path dir = Path.of("/vms");
    Box box = box("box-1").in(dir).disks("a.qcow2", "a-root.qcow2").build();
    write(
        tx -> {
          tx.boxes().insert(box);
          tx.boxes().insert(box("box-2").in(dir).disks("b.qcow2", "b-root.qcow2").build());
        });

    assertEquals(dir, read(view -> view.boxes().findByDisksDir(dir)).orElseThrow().disksDir());

    write(tx -> tx.boxes().delete(BoxId.of("box-2")));

    assertEquals(box, read(view -> view.boxes().findByDisksDir(dir)).orElseThrow());
  }

  @Test
  void a_directory_has_no_inode_until_one_is_recorded() {
    write(tx -> insertBoxes(tx, "box-1"));

    assertTrue(read(view -> view.boxes().findDirectoryInode(BoxId.of("box-1"))).isEmpty());
    assertTrue(read(view -> view.boxes().findDirectoryInode(BoxId.of("absent"))).isEmpty());
  }

  @Test
  void the_inode_of_a_directory_is_recorded_and_replaced() {
    write(tx -> insertBoxes(tx, "box-1", "box-2"));
    write(tx -> tx.boxes().putDirectoryInode(BoxId.of("box-1"), 12));

    assertEquals(
        OptionalLong.of(12), read(view -> view.boxes().findDirectoryInode(BoxId.of("box-1"))));
    assertTrue(read(view -> view.boxes().findDirectoryInode(BoxId.of("box-2"))).isEmpty());

    write(tx -> tx.boxes().putDirectoryInode(BoxId.of("box-1"), -1));

    assertEquals(
        OptionalLong.of(-1), read(view -> view.boxes().findDirectoryInode(BoxId.of("box-1"))));
  }

  @Test
  void the_inode_of_a_directory_needs_its_box_and_goes_with_it() {
    write(tx -> insertBoxes(tx, "box-1"));
    write(tx -> tx.boxes().putDirectoryInode(BoxId.of("box-1"), 12));
    write(tx -> tx.boxes().delete(BoxId.of("box-1")));

    assertNames(
        refused(NotFoundException.class, tx -> tx.boxes().putDirectoryInode(BoxId.of("box-1"), 12)),
        "box-1");

    write(tx -> insertBoxes(tx, "box-1"));

    assertTrue(read(view -> view.boxes().findDirectoryInode(BoxId.of("box-1"))).isEmpty());
  }

  @Test
  void boxes_are_listed_newest_first() {
    write(
        tx -> {
          tx.boxes().insert(box("box-2").createdAt(NOON.plusSeconds(20)).build());
          tx.boxes().insert(box("box-3").createdAt(NOON.plusSeconds(30)).build());
          tx.boxes().insert(box("box-1").createdAt(NOON.plusSeconds(10)).build());
        });

    assertEquals(ImmutableList.of("box-3", "box-2", "box-1"), listedBoxes());
  }

  @Test
  void of_boxes_of_equal_times_the_later_insertion_is_first() {
    write(tx -> insertBoxes(tx, "box-2", "box-1"));
    write(tx -> tx.boxes().delete(BoxId.of("box-1")));
    write(tx -> insertBoxes(tx, "box-3", "box-1"));

    assertEquals(ImmutableList.of("box-1", "box-3", "box-2"), listedBoxes());
  }

  @Test
  void a_walk_in_parts_passes_every_box_once_in_the_order_of_names() {
    write(tx -> insertBoxes(tx, "box-2", "Box-3", "box-10", "box-1"));

    assertEquals(ImmutableList.of("Box-3", "box-1"), boxesAfter(null));
    assertEquals(ImmutableList.of("box-10", "box-2"), boxesAfter("box-1"));
    assertEquals(ImmutableList.of("box-2"), boxesAfter("box-11"));
    assertEquals(ImmutableList.of(), boxesAfter("box-2"));
  }

  private ImmutableList<String> boxesAfter(@Nullable String last) {
    return read(view -> view.boxes().listAfter(last == null ? null : BoxId.of(last), 2)).stream()
        .map(box -> box.id().value())
        .collect(ImmutableList.toImmutableList());
  }

  private ImmutableList<String> listedBoxes() {
    return read(view -> view.boxes().list()).stream()
        .map(box -> box.id().value())
        .collect(ImmutableList.toImmutableList());
  }

  @Test
  void a_box_name_is_taken_once() {
    write(tx -> insertBoxes(tx, "box-1"));

    assertNames(
        refused(
            AlreadyExistsException.class,
            tx -> tx.boxes().insert(box("box-1").in(Path.of("/else")).build())),
        "box-1");
  }

  @Test
  void a_disk_is_of_one_box_whatever_its_slot() {
    write(tx -> tx.boxes().insert(box("box-1").in(Path.of("/vms")).disks("a", "b").build()));

    for (Box other :
        ImmutableList.of(
            box("box-2").in(Path.of("/vms")).disks("a", "c").build(),
            box("box-2").in(Path.of("/vms")).disks("b", "c").build(),
            box("box-2").in(Path.of("/vms")).disks("c", "a").build())) {
      assertNames(
          refused(AlreadyExistsException.class, tx -> tx.boxes().insert(other)), "/vms/", "box-1");
    }

    assertEquals(ImmutableList.of("box-1"), listedBoxes());
  }

  @Test
  void a_box_with_foreign_disks_is_told_from_one_without() {
    Box foreign = box("box-1").in(Path.of("/vms")).foreign().build();
    write(
        tx -> {
          tx.boxes().insert(foreign);
          insertBoxes(tx, "box-2");
        });

    assertEquals(foreign, read(view -> view.boxes().find(BoxId.of("box-1"))).orElseThrow());
    assertEquals(
        ImmutableList.of(false, true),
        read(view -> view.boxes().list()).stream().map(Box::hasForeignDisks).toList());
  }

  @Test
  void a_renamed_box_keeps_its_paths_its_time_and_its_place_among_boxes() {
    Box box = box("box-1").in(Path.of("/vms")).disks("a", "b").foreign().build();
    write(
        tx -> {
          tx.boxes().insert(box);
          insertBoxes(tx, "box-2");
          tx.boxes().putDirectoryInode(BoxId.of("box-1"), 12);
        });

    write(tx -> tx.boxes().rename(BoxId.of("box-1"), BoxId.of("box-3")));

    Box renamed = box.withId(BoxId.of("box-3"));
    assertEquals(renamed, read(view -> view.boxes().find(BoxId.of("box-3"))).orElseThrow());
    assertEquals(renamed, read(view -> view.boxes().findByDisk(Path.of("/vms/a"))).orElseThrow());
    assertEquals(ImmutableList.of("box-2", "box-3"), listedBoxes());
    assertTrue(read(view -> view.boxes().find(BoxId.of("box-1"))).isEmpty());
    assertEquals(
        OptionalLong.of(12), read(view -> view.boxes().findDirectoryInode(BoxId.of("box-3"))));
    assertTrue(read(view -> view.boxes().findDirectoryInode(BoxId.of("box-1"))).isEmpty());

    write(tx -> insertBoxes(tx, "box-1"));
  }

  @Test
  void references_and_bases_follow_a_renamed_box() {
    write(
        tx -> {
          insertBoxes(tx, "box-1", "box-2");
          tx.bases().insert(base("base0001").of("box-1").snapshot("nightly").build());
          tx.bases().insert(base("base0002").of("box-1").on("base0001").build());
          tx.bases().insert(base("base0003").of("box-2").snapshot("nightly").build());
          tx.references().put(reference("base0002", "box-1"));
          tx.references().put(reference("base0003", "box-1", DiskSlot.GUEST_ROOTFS));
          tx.references().put(reference("base0003", "box-2"));
        });

    write(tx -> tx.boxes().rename(BoxId.of("box-1"), BoxId.of("box-3")));

    assertEquals(
        ImmutableList.of(
            reference("base0002", "box-3"), reference("base0003", "box-3", DiskSlot.GUEST_ROOTFS)),
        read(view -> view.references().listOf(BoxId.of("box-3"))));
    assertEquals(ImmutableList.of(), read(view -> view.references().listOf(BoxId.of("box-1"))));
    assertEquals(
        ImmutableList.of("base0002", "base0001"),
        ids(view -> view.bases().list(new BaseFilter(BoxId.of("box-3"), null))));
    assertEquals(
        id("base0001"),
        read(view -> view.bases().findByName(BoxId.of("box-3"), new SnapshotName("nightly")))
            .orElseThrow()
            .id());
    assertEquals(
        ImmutableList.of("base0003"),
        ids(view -> view.bases().list(new BaseFilter(BoxId.of("box-2"), null))));
  }

  @Test
  void a_box_is_not_renamed_to_the_name_of_another() {
    write(tx -> insertBoxes(tx, "box-1", "box-2"));

    assertNames(
        refused(
            AlreadyExistsException.class,
            tx -> tx.boxes().rename(BoxId.of("box-1"), BoxId.of("box-2"))),
        "box-2");

    assertEquals(ImmutableList.of("box-2", "box-1"), listedBoxes());
  }

  @Test
  void a_box_is_not_renamed_if_two_bases_would_have_one_name() {
    write(
        tx -> {
          insertBoxes(tx, "box-1");
          tx.bases().insert(base("base0001").of("box-1").snapshot("nightly").build());
          tx.bases().insert(base("base0002").of("box-2").snapshot("nightly").build());
        });

    assertNames(
        refused(
            AlreadyExistsException.class,
            tx -> tx.boxes().rename(BoxId.of("box-1"), BoxId.of("box-2"))),
        "box-2");

    assertEquals(ImmutableList.of("box-1"), listedBoxes());
    assertEquals(
        ImmutableList.of("base0001"),
        ids(view -> view.bases().list(new BaseFilter(BoxId.of("box-1"), null))));
  }

  @Test
  void a_box_that_is_not_registered_is_not_renamed() {
    assertNames(
        refused(
            NotFoundException.class, tx -> tx.boxes().rename(BoxId.of("box-1"), BoxId.of("box-2"))),
        "box-1");
  }

  @Test
  void a_box_may_be_renamed_to_its_own_name() {
    write(tx -> insertBoxes(tx, "box-1"));

    write(tx -> tx.boxes().rename(BoxId.of("box-1"), BoxId.of("box-1")));

    assertEquals(box("box-1").build(), read(view -> view.boxes().find(BoxId.of("box-1"))).get());
  }

  @Test
  void deleting_a_box_takes_it_and_frees_its_name_and_disks() {
    write(tx -> insertBoxes(tx, "box-1", "box-2"));

    assertTrue(deleted(tx -> tx.boxes().delete(BoxId.of("box-1"))));
    assertEquals(ImmutableList.of("box-2"), listedBoxes());

    write(tx -> insertBoxes(tx, "box-1"));
  }

  @Test
  void deleting_a_box_that_is_not_registered_says_so() {
    assertFalse(deleted(tx -> tx.boxes().delete(BoxId.of("box-1"))));
  }

  @Test
  void deleting_a_box_keeps_the_bases_that_were_forked_from_it() {
    write(
        tx -> {
          insertBoxes(tx, "src");
          insertBases(tx, "base0001");
        });

    write(tx -> tx.boxes().delete(BoxId.of("src")));

    assertEquals(ImmutableList.of("base0001"), ids(view -> view.bases().list(BaseFilter.ALL)));
  }

  @Test
  void a_box_that_references_a_base_is_not_deleted() {
    write(
        tx -> {
          insertBases(tx, "base0001");
          insertBoxes(tx, "box-1");
          tx.references().put(reference("base0001", "box-1"));
        });

    assertNames(
        refused(RefusedException.class, tx -> tx.boxes().delete(BoxId.of("box-1"))),
        "box-1",
        "base0001");

    assertEquals(ImmutableList.of("box-1"), listedBoxes());
  }
}
