package io.basedisk.domain.testing;

import static io.basedisk.domain.testing.Records.base;
import static io.basedisk.domain.testing.Records.basePath;
import static io.basedisk.domain.testing.Records.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.CreateBoxesIntent;
import io.basedisk.domain.model.intent.Intent;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a store does with intents and what they claim. */
abstract class StoreIntentsContract extends StoreContractPart {

  static ImmutableList<Intent> intentsOfEveryType() {
    return ImmutableList.<Intent>builder().addAll(Intents.ofEveryType()).add(fullIntent()).build();
  }

  @ParameterizedTest
  @MethodSource("intentsOfEveryType")
  void an_intent_is_found_by_its_id_with_every_field(Intent intent) {
    write(tx -> insertBases(tx, "base0001", "base0002"));
    write(tx -> tx.intents().insert(intent));

    assertEquals(intent, read(view -> view.intents().find(intent.id())).orElseThrow());
  }

  @ParameterizedTest
  @EnumSource(BaseDiskKind.class)
  void the_planned_base_keeps_its_kind(BaseDiskKind kind) {
    BaseDisk planned =
        switch (kind) {
          case SNAPSHOT -> base("plan0001").snapshot("nightly").build();
          case CLONE_BASE -> base("plan0001").build();
          case ROOTFS -> base("plan0001").rootfs("debian:12").build();
        };
    Intent intent = Intents.fork(7, "box-1", planned);
    write(tx -> tx.intents().insert(intent));

    assertEquals(intent, read(view -> view.intents().find(intent.id())).orElseThrow());
  }

  @Test
  void an_intent_that_does_not_stand_is_not_found() {
    assertTrue(read(view -> view.intents().find(new OperationId(7))).isEmpty());
  }

  @Test
  void intents_are_listed_by_id() {
    write(tx -> insertBases(tx, "base0001", "base0002"));
    Intent low = Intents.createBoxesOn("base0001", 3, "box-3");
    Intent high = Intents.removeBox(1L << 40, "box-9", Intents.containerDisk("box-9", 1, 9));
    write(tx -> tx.intents().insert(high));
    write(tx -> tx.intents().insert(fullIntent()));
    write(tx -> tx.intents().insert(low));

    assertEquals(ImmutableList.of(low, fullIntent(), high), read(view -> view.intents().list()));
  }

  @Test
  void intents_that_name_a_base_are_listed_by_id() {
    write(tx -> insertBases(tx, "base0001", "base0002"));
    write(
        tx -> {
          tx.intents().insert(Intents.createBoxesOn("base0001", 1L << 40, "box-1"));
          tx.intents().insert(Intents.createBoxesOn("base0002", 5, "box-2"));
          tx.intents()
              .insert(Intents.removeBoxOn(ImmutableList.of("base0002", "base0001"), 4, "box-3"));
        });

    assertEquals(
        ImmutableList.of(new OperationId(4), new OperationId(1L << 40)),
        read(view -> view.intents().listNaming(id("base0001"))));
  }

  @Test
  void an_intent_names_the_parent_of_the_base_that_it_plans_and_not_that_base() {
    write(tx -> insertBases(tx, "base0001"));
    BaseDisk planned = base("plan0001").on("base0001").build();
    write(tx -> tx.intents().insert(Intents.fork(4, "box-1", planned)));

    assertEquals(ImmutableList.of(), read(view -> view.intents().listNaming(id("plan0001"))));
    assertEquals(
        ImmutableList.of(new OperationId(4)),
        read(view -> view.intents().listNaming(id("base0001"))));
  }

  @Test
  void an_operation_has_one_intent() {
    write(tx -> tx.intents().insert(Intents.createBoxes(7, "box-1")));

    assertNames(
        refused(
            AlreadyExistsException.class,
            tx -> tx.intents().insert(Intents.createBoxes(7, "box-2"))),
        "7");
  }

  @Test
  void an_operation_that_tries_again_is_not_told_that_it_is_busy() {
    write(tx -> tx.intents().insert(Intents.createBoxes(7, "box-1")));

    refused(
        AlreadyExistsException.class, tx -> tx.intents().insert(Intents.createBoxes(7, "box-1")));
  }

  static Stream<Arguments> claims() {
    return Stream.of(
        claim(
            "a box",
            "box-1",
            Intents.createBoxes(7, "box-0", "box-1"),
            Intents.createBoxes(
                8, Intents.newBox("box-2"), Intents.newBox("box-1", Path.of("/else/disks")))),
        claim(
            "a disk",
            "/other.qcow2",
            Intents.removeBox(7, "box-1", Intents.containerDisk("box-1", 64768, 12)),
            Intents.removeBox(
                8,
                "box-2",
                Intents.disk(DiskSlot.GUEST_ROOTFS, Path.of("/other.qcow2"), 64768, 12))),
        claim(
            "a planned base",
            "plan0001",
            Intents.fork(7, "box-1", base("plan0001").build()),
            Intents.fork(8, "box-2", base("plan0001").at(Path.of("/else")).build())),
        claim(
            "a planned base's name",
            "debian:12",
            Intents.addRootfs(7, "plan0001", "debian:12"),
            Intents.addRootfs(8, "plan0002", "debian:12")),
        claim(
            "a planned base's file",
            basePath("plan0001").toString(),
            Intents.fork(7, "box-1", base("plan0001").build()),
            Intents.fork(8, "box-2", base("plan0002").at(basePath("plan0001")).build())));
  }

  private static Arguments claim(String what, String named, Intent first, Intent second) {
    return Arguments.argumentSet(what, named, first, second);
  }

  @ParameterizedTest
  @MethodSource("claims")
  void what_an_intent_claims_is_busy_for_others(String named, Intent first, Intent second) {
    write(tx -> tx.intents().insert(first));

    BusyException busy = refused(BusyException.class, tx -> tx.intents().insert(second));

    assertEquals(7, busy.holder());
    assertNames(busy, named);
    assertEquals(ImmutableList.of(first), read(view -> view.intents().list()));
  }

  @ParameterizedTest
  @MethodSource("claims")
  void what_an_intent_claimed_is_free_when_it_is_dropped(
      String named, Intent first, Intent second) {
    write(tx -> tx.intents().insert(first));

    write(
        tx -> {
          tx.intents().delete(first.id());
          tx.intents().insert(second);
        });

    assertEquals(ImmutableList.of(second), read(view -> view.intents().list()));
  }

  @Test
  void disks_with_one_inode_number_on_two_devices_are_two() {
    write(
        tx ->
            tx.intents()
                .insert(Intents.removeBox(7, "box-1", Intents.containerDisk("box-1", 1, 12))));

    write(
        tx ->
            tx.intents()
                .insert(Intents.removeBox(8, "box-2", Intents.containerDisk("box-2", 2, 12))));
  }

  @Test
  void a_disks_directory_may_be_named_by_many_intents_and_for_many_boxes() {
    Path dir = Path.of("/vms");
    Intent first =
        Intents.createBoxes(7, Intents.newBox("box-1", dir), Intents.newBox("box-2", dir));
    Intent second = Intents.removeBox(8, new BoxClaim(BoxId.of("box-3"), dir));
    write(tx -> tx.intents().insert(first));

    write(tx -> tx.intents().insert(second));

    assertEquals(ImmutableList.of(first, second), read(view -> view.intents().list()));
  }

  @Test
  void a_base_and_a_file_may_be_named_by_many_intents() {
    write(tx -> insertBases(tx, "base0001"));
    Path dir = Path.of("/vms/disks");
    BaseDiskId base = id("base0001");
    CreateBoxesIntent first = Intents.createBoxes(7, Intents.newBox("box-1", dir));
    CreateBoxesIntent second = Intents.createBoxes(8, Intents.newBox("box-2", dir));
    write(tx -> tx.intents().insert(onBase(base, first)));

    write(tx -> tx.intents().insert(onBase(base, second)));
  }

  @Test
  void an_intent_may_claim_boxes_that_are_not_registered_and_boxes_that_are() {
    write(tx -> insertBoxes(tx, "box-1"));

    write(tx -> tx.intents().insert(Intents.createBoxes(7, "box-1", "box-2")));
  }

  @Test
  void an_intent_names_a_box_or_disk_once() {
    refused(
        AlreadyExistsException.class,
        tx ->
            tx.intents()
                .insert(
                    Intents.createBoxes(
                        7,
                        Intents.newBox("box-1"),
                        Intents.newBox("box-1", Path.of("/else/disks")))));
    refused(
        AlreadyExistsException.class,
        tx ->
            tx.intents()
                .insert(
                    Intents.removeBox(
                        7,
                        "box-1",
                        Intents.containerDisk("box-1", 1, 2),
                        Intents.disk(DiskSlot.GUEST_ROOTFS, Path.of("/else"), 1, 2))));
  }

  @Test
  void the_bases_of_an_intent_are_recorded() {
    write(tx -> insertBases(tx, "base0001"));

    assertNames(
        refused(
            NotFoundException.class,
            tx ->
                tx.intents()
                    .insert(
                        Intents.removeBoxOn(ImmutableList.of("base0001", "absent01"), 7, "box-1"))),
        "absent01");
  }

  @Test
  void a_recorded_base_is_not_planned() {
    write(tx -> insertBases(tx, "base0001"));
    BaseDisk again = base("base0001").at(Path.of("/else")).build();

    assertNames(
        refused(
            AlreadyExistsException.class,
            tx -> tx.intents().insert(Intents.fork(7, "box-1", again))),
        "base0001");
  }

  @Test
  void the_file_of_a_recorded_base_is_not_planned() {
    write(tx -> insertBases(tx, "base0001"));
    BaseDisk other = base("base0002").at(basePath("base0001")).build();

    assertNames(
        refused(
            AlreadyExistsException.class,
            tx -> tx.intents().insert(Intents.fork(7, "box-1", other))),
        basePath("base0001").toString());
  }

  @Test
  void a_planned_base_is_recorded_with_the_end_of_its_intent() {
    BaseDisk planned = base("plan0001").snapshot("nightly").build();
    write(tx -> tx.intents().insert(Intents.fork(7, "box-1", planned)));

    write(
        tx -> {
          tx.bases().insert(planned);
          tx.intents().delete(new OperationId(7));
        });

    assertEquals(planned, read(view -> view.bases().find(planned.id())).orElseThrow());
  }

  @Test
  void dropping_an_intent_leaves_others() {
    write(tx -> insertBases(tx, "base0001", "base0002"));
    Intent other = Intents.removeBox(8, "box-8", Intents.containerDisk("box-8", 8, 8));
    write(tx -> tx.intents().insert(fullIntent()));
    write(tx -> tx.intents().insert(other));

    write(tx -> tx.intents().delete(new OperationId(7)));

    assertEquals(ImmutableList.of(other), read(view -> view.intents().list()));
    assertEquals(ImmutableList.of(), read(view -> view.intents().listNaming(id("base0001"))));
  }

  @Test
  void dropping_an_intent_that_does_not_stand_does_nothing() {
    write(tx -> tx.intents().delete(new OperationId(7)));
  }

  @Test
  void a_base_is_free_when_the_intent_that_named_it_is_dropped() {
    write(tx -> insertBases(tx, "base0001"));
    write(tx -> tx.intents().insert(Intents.createBoxesOn("base0001", 7, "box-1")));
    write(tx -> tx.intents().delete(new OperationId(7)));

    assertTrue(deleted(tx -> tx.bases().delete(id("base0001"))));
  }

  @Test
  void a_claimed_box_may_be_deleted() {
    write(
        tx -> {
          insertBoxes(tx, "box-1");
          tx.intents().insert(Intents.createBoxes(7, "box-1"));
        });

    assertTrue(deleted(tx -> tx.boxes().delete(BoxId.of("box-1"))));
  }

  @Test
  void an_intent_of_a_thousand_boxes_round_trips() {
    Intent intent =
        Intents.createBoxes(
            7, IntStream.range(0, 1000).mapToObj(i -> "box-" + i).toArray(String[]::new));
    write(tx -> tx.intents().insert(intent));

    assertEquals(intent, read(view -> view.intents().find(intent.id())).orElseThrow());
  }

  private static Intent onBase(BaseDiskId base, CreateBoxesIntent creation) {
    return new CreateBoxesIntent(creation.id(), creation.newBoxes(), base, creation.startedAt());
  }
}
