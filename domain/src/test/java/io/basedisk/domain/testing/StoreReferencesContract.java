package io.basedisk.domain.testing;

import static io.basedisk.domain.testing.Records.box;
import static io.basedisk.domain.testing.Records.id;
import static io.basedisk.domain.testing.Records.reference;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Reference;
import org.junit.jupiter.api.Test;

/** What a store does with the references of boxes to bases. */
abstract class StoreReferencesContract extends StoreContractPart {

  @Test
  void a_reference_is_to_a_recorded_base() {
    write(tx -> insertBoxes(tx, "box-1"));

    assertNames(
        refused(NotFoundException.class, tx -> tx.references().put(reference("absent01", "box-1"))),
        "absent01");
  }

  @Test
  void a_reference_is_of_a_registered_box() {
    write(tx -> insertBases(tx, "base0001"));

    assertNames(
        refused(
            NotFoundException.class, tx -> tx.references().put(reference("base0001", "absent"))),
        "absent");
  }

  @Test
  void a_reference_that_is_put_again_is_there_once() {
    insertBasesAndBoxes();
    write(tx -> tx.references().put(reference("base0001", "box-1")));

    write(tx -> tx.references().put(reference("base0001", "box-1")));

    assertEquals(ImmutableList.of(reference("base0001", "box-1")), references());
  }

  @Test
  void a_reference_takes_the_place_of_another_of_its_slot() {
    insertBasesAndBoxes();
    write(tx -> tx.references().put(reference("base0001", "box-1")));

    write(tx -> tx.references().put(reference("base0002", "box-1")));

    assertEquals(ImmutableList.of(reference("base0002", "box-1")), references());
    assertFalse(shows(view -> view.references().hasDependents(id("base0001"))));
  }

  @Test
  void a_base_whose_reference_was_replaced_can_be_deleted() {
    insertBasesAndBoxes();
    write(tx -> tx.references().put(reference("base0001", "box-1")));
    write(tx -> tx.references().put(reference("base0002", "box-1")));

    assertTrue(deleted(tx -> tx.bases().delete(id("base0001"))));
  }

  @Test
  void each_slot_of_a_box_has_its_own_reference() {
    insertBasesAndBoxes();
    write(tx -> tx.references().put(reference("base0002", "box-1", DiskSlot.GUEST_ROOTFS)));
    write(tx -> tx.references().put(reference("base0001", "box-1", DiskSlot.CONTAINER)));

    assertEquals(
        ImmutableList.of(
            reference("base0001", "box-1", DiskSlot.CONTAINER),
            reference("base0002", "box-1", DiskSlot.GUEST_ROOTFS)),
        read(view -> view.references().listOf(BoxId.of("box-1"))));
  }

  @Test
  void references_to_a_base_are_ordered_by_box_then_by_slot() {
    putMixedReferences();

    assertEquals(
        ImmutableList.of(
            reference("base0001", "box-1", DiskSlot.CONTAINER),
            reference("base0001", "box-1", DiskSlot.GUEST_ROOTFS),
            reference("base0001", "box-2", DiskSlot.GUEST_ROOTFS)),
        read(view -> view.references().listTo(id("base0001"))));
  }

  @Test
  void all_references_are_listed() {
    putMixedReferences();

    assertEquals(
        ImmutableSet.of(
            reference("base0001", "box-1", DiskSlot.CONTAINER),
            reference("base0001", "box-1", DiskSlot.GUEST_ROOTFS),
            reference("base0001", "box-2", DiskSlot.GUEST_ROOTFS),
            reference("base0002", "box-2", DiskSlot.CONTAINER)),
        ImmutableSet.copyOf(references()));
  }

  @Test
  void dependent_boxes_are_there_once_ordered_by_name() {
    putMixedReferences();

    assertEquals(
        ImmutableList.of(BoxId.of("box-1"), BoxId.of("box-2")),
        read(view -> view.references().listDependents(id("base0001"))));
  }

  @Test
  void some_dependent_boxes_are_the_first_of_all() {
    putMixedReferences();

    for (int most = 1; most < 4; most++) {
      int first = most;
      assertEquals(
          read(view -> view.references().listDependents(id("base0001"))).stream()
              .limit(first)
              .toList(),
          read(view -> view.references().listDependents(id("base0001"), first)));
    }
  }

  @Test
  void a_base_that_no_box_references_has_no_dependents() {
    insertBasesAndBoxes();

    assertFalse(shows(view -> view.references().hasDependents(id("base0001"))));
    assertEquals(
        ImmutableList.of(), read(view -> view.references().listDependents(id("base0001"))));
  }

  @Test
  void a_base_that_a_box_references_has_dependents() {
    putMixedReferences();

    assertTrue(shows(view -> view.references().hasDependents(id("base0001"))));
  }

  @Test
  void deleting_the_references_of_a_box_returns_their_bases_ordered_by_id() {
    insertBasesAndBoxes();
    write(
        tx -> {
          tx.references().put(reference("base0002", "box-1", DiskSlot.CONTAINER));
          tx.references().put(reference("base0001", "box-1", DiskSlot.GUEST_ROOTFS));
        });

    assertEquals(
        ImmutableList.of(id("base0001"), id("base0002")),
        store()
            .<ImmutableList<BaseDiskId>>write(tx -> tx.references().deleteOf(BoxId.of("box-1"))));
  }

  @Test
  void deleting_the_references_of_a_box_returns_each_base_once() {
    putMixedReferences();

    assertEquals(
        ImmutableList.of(id("base0001")),
        store()
            .<ImmutableList<BaseDiskId>>write(tx -> tx.references().deleteOf(BoxId.of("box-1"))));
  }

  @Test
  void deleting_the_references_of_a_box_leaves_those_of_others() {
    putMixedReferences();

    write(tx -> tx.references().deleteOf(BoxId.of("box-1")));

    assertEquals(
        ImmutableSet.of(
            reference("base0001", "box-2", DiskSlot.GUEST_ROOTFS),
            reference("base0002", "box-2", DiskSlot.CONTAINER)),
        ImmutableSet.copyOf(references()));
  }

  @Test
  void deleting_the_references_of_a_box_that_has_none_returns_nothing() {
    assertEquals(
        ImmutableList.of(),
        store()
            .<ImmutableList<BaseDiskId>>write(tx -> tx.references().deleteOf(BoxId.of("box-1"))));
  }

  private void insertBasesAndBoxes() {
    write(
        tx -> {
          insertBases(tx, "base0001", "base0002");
          insertBoxes(tx, "box-1", "box-2");
        });
  }

  private void putMixedReferences() {
    insertBasesAndBoxes();
    write(
        tx -> {
          tx.references().put(reference("base0001", "box-2", DiskSlot.GUEST_ROOTFS));
          tx.references().put(reference("base0001", "box-1", DiskSlot.GUEST_ROOTFS));
          tx.references().put(reference("base0002", "box-2", DiskSlot.CONTAINER));
          tx.references().put(reference("base0001", "box-1", DiskSlot.CONTAINER));
        });
  }

  @Test
  void the_reference_of_one_disk_is_deleted_alone() {
    write(
        tx -> {
          insertBases(tx, "base0001");
          tx.boxes().insert(box("box-1").build());
          tx.references().put(reference("base0001", "box-1"));
          tx.references().put(reference("base0001", "box-1", DiskSlot.GUEST_ROOTFS));
        });
    write(tx -> tx.references().delete(BoxId.of("box-1"), DiskSlot.CONTAINER));
    write(tx -> tx.references().delete(BoxId.of("box-1"), DiskSlot.CONTAINER));

    assertEquals(
        ImmutableList.of(reference("base0001", "box-1", DiskSlot.GUEST_ROOTFS)),
        read(view -> view.references().listOf(BoxId.of("box-1"))));
  }

  private ImmutableList<Reference> references() {
    return read(view -> view.references().list());
  }
}
