package io.basedisk.domain.testing;

import static io.basedisk.domain.testing.Records.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.Hold.Reason;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a store does with the holds that keep bases. */
abstract class StoreHoldsContract extends StoreContractPart {

  private static final Hold REBUILT = new Hold(id("base0001"), Reason.REBUILT, null);
  private static final Hold IMPORTED = new Hold(id("base0001"), Reason.IMPORTED, null);
  private static final Hold OF_DISK_A = forgotten("/vms/a.qcow2");
  private static final Hold OF_DISK_B = forgotten("/vms/b.qcow2");
  private static final Hold OF_OTHER = new Hold(id("base0002"), Reason.IMPORTED, null);

  private static Hold forgotten(String disk) {
    return new Hold(id("base0001"), Reason.FORGOTTEN_BOX, Path.of(disk));
  }

  @BeforeEach
  void insertTheBases() {
    write(tx -> insertBases(tx, "base0001", "base0002", "base0003"));
  }

  @Test
  void a_base_has_no_hold_until_one_is_recorded() {
    assertEquals(ImmutableList.of(), read(view -> view.holds().list()));
    assertEquals(ImmutableList.of(), read(view -> view.holds().listOn(id("base0001"))));
    assertEquals(ImmutableList.of(), read(view -> view.holds().listOn(id("none0001"))));
  }

  @Test
  void holds_are_listed_by_base_then_by_reason_then_by_path() {
    insertHolds(OF_OTHER, OF_DISK_B, REBUILT, IMPORTED, OF_DISK_A);

    assertEquals(
        ImmutableList.of(OF_DISK_A, OF_DISK_B, IMPORTED, REBUILT, OF_OTHER),
        read(view -> view.holds().list()));
    assertEquals(
        ImmutableList.of(OF_DISK_A, OF_DISK_B, IMPORTED, REBUILT),
        read(view -> view.holds().listOn(id("base0001"))));
    assertEquals(ImmutableList.of(OF_OTHER), read(view -> view.holds().listOn(id("base0002"))));
    assertEquals(ImmutableList.of(), read(view -> view.holds().listOn(id("base0003"))));
  }

  @Test
  void a_hold_that_is_recorded_again_is_there_once() {
    insertHolds(REBUILT, OF_DISK_A, REBUILT, OF_DISK_A);

    assertEquals(ImmutableList.of(OF_DISK_A, REBUILT), read(view -> view.holds().list()));
  }

  @Test
  void a_hold_is_removed_alone() {
    insertHolds(REBUILT, IMPORTED, OF_DISK_A, OF_DISK_B);

    write(tx -> tx.holds().delete(OF_DISK_A));
    write(tx -> tx.holds().delete(IMPORTED));
    write(tx -> tx.holds().delete(IMPORTED));

    assertEquals(ImmutableList.of(OF_DISK_B, REBUILT), read(view -> view.holds().list()));
  }

  @Test
  void a_hold_needs_its_base() {
    assertNames(
        refused(
            NotFoundException.class,
            tx -> tx.holds().insert(new Hold(id("absent01"), Reason.REBUILT, null))),
        "absent01");
  }

  @Test
  void a_hold_is_no_obstacle_to_a_deletion_and_goes_with_its_base() {
    insertHolds(REBUILT, OF_DISK_A, OF_OTHER);

    assertTrue(deleted(tx -> tx.bases().delete(id("base0001"))));

    assertEquals(ImmutableList.of(OF_OTHER), read(view -> view.holds().list()));

    write(tx -> tx.bases().deleteOf(BoxId.of("src")));
    write(tx -> insertBases(tx, "base0001", "base0002"));

    assertEquals(ImmutableList.of(), read(view -> view.holds().list()));
  }

  @Test
  void a_hold_is_seen_by_other_store_objects() {
    insertHolds(OF_DISK_A);

    assertEquals(ImmutableList.of(OF_DISK_A), another().read(view -> view.holds().list()));
  }

  private void insertHolds(Hold... holds) {
    write(
        tx -> {
          for (Hold hold : holds) {
            tx.holds().insert(hold);
          }
        });
  }
}
