package io.basedisk.domain.testing;

import static io.basedisk.domain.testing.Records.base;
import static io.basedisk.domain.testing.Records.basePath;
import static io.basedisk.domain.testing.Records.id;
import static io.basedisk.domain.testing.Records.intent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileVersion;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a store does with intents and what they claim. */
abstract class StoreIntentsContract extends StoreContractPart {

  @Test
  void an_intent_is_found_by_its_id_with_every_field() {
    write(tx -> insertBases(tx, "base0001", "base0002"));
    write(tx -> tx.insertIntent(fullIntent()));

    assertEquals(fullIntent(), read(view -> view.findIntent(new OperationId(7))).orElseThrow());
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void an_intent_may_name_nothing(Operation operation) {
    Intent intent = intent((1L << 62) - 1).operation(operation).build();
    write(tx -> tx.insertIntent(intent));

    assertEquals(intent, read(view -> view.findIntent(intent.id())).orElseThrow());
  }

  @ParameterizedTest
  @EnumSource(BaseDiskKind.class)
  void the_planned_base_keeps_its_kind_and_may_lack_a_name_and_a_parent(BaseDiskKind kind) {
    BaseDisk planned =
        switch (kind) {
          case SNAPSHOT -> base("plan0001").snapshot("nightly").build();
          case CLONE_BASE -> base("plan0001").build();
          case ROOTFS -> base("plan0001").rootfs("debian:12").build();
        };
    Intent intent = intent(7).planning(planned).build();
    write(tx -> tx.insertIntent(intent));

    assertEquals(intent, read(view -> view.findIntent(intent.id())).orElseThrow());
  }

  @Test
  void a_disk_keeps_its_version_to_the_nanosecond() {
    FileVersion version = new FileVersion(Instant.ofEpochSecond(1_700_000_000, 123_456_789), 7);
    FileVersion farAway = new FileVersion(FAR_AWAY, 8);
    Intent intent =
        intent(7)
            .disk("box-1", 1, 1, version)
            .disk("box-2", 1, 2)
            .disk("box-3", 1, 3, farAway)
            .build();
    write(tx -> tx.insertIntent(intent));

    assertEquals(intent, read(view -> view.findIntent(intent.id())).orElseThrow());
  }

  @Test
  void an_intent_that_does_not_stand_is_not_found() {
    assertTrue(read(view -> view.findIntent(new OperationId(7))).isEmpty());
  }

  @Test
  void intents_are_listed_by_id() {
    write(tx -> insertBases(tx, "base0001", "base0002"));
    Intent low = intent(3).box("box-3").file("/three").bases("base0001").build();
    Intent high = intent(1L << 40).disk("box-9", 1, 9).file("/nine").build();
    write(tx -> tx.insertIntent(high));
    write(tx -> tx.insertIntent(fullIntent()));
    write(tx -> tx.insertIntent(low));

    assertEquals(ImmutableList.of(low, fullIntent(), high), read(StoreView::listIntents));
  }

  @Test
  void intents_that_name_a_base_are_listed_by_id() {
    write(tx -> insertBases(tx, "base0001", "base0002"));
    write(
        tx -> {
          tx.insertIntent(intent(1L << 40).bases("base0001").build());
          tx.insertIntent(intent(5).bases("base0002").build());
          tx.insertIntent(intent(4).bases("base0002", "base0001").build());
        });

    assertEquals(
        ImmutableList.of(new OperationId(4), new OperationId(1L << 40)),
        read(view -> view.intentsNaming(id("base0001"))));
  }

  @Test
  void an_intent_does_not_name_the_base_that_it_plans() {
    write(tx -> insertBases(tx, "base0001"));
    BaseDisk planned = base("plan0001").on("base0001").build();
    write(tx -> tx.insertIntent(intent(4).planning(planned).build()));

    assertEquals(ImmutableList.of(), read(view -> view.intentsNaming(id("plan0001"))));
    assertEquals(ImmutableList.of(), read(view -> view.intentsNaming(id("base0001"))));
  }

  @Test
  void an_operation_has_one_intent() {
    write(tx -> tx.insertIntent(intent(7).build()));

    assertNames(
        refused(AlreadyExistsException.class, tx -> tx.insertIntent(intent(7).build())), "7");
  }

  @Test
  void an_operation_that_tries_again_is_not_told_that_it_is_busy() {
    write(tx -> tx.insertIntent(intent(7).box("box-1").build()));

    refused(AlreadyExistsException.class, tx -> tx.insertIntent(intent(7).box("box-1").build()));
  }

  static Stream<Arguments> claims() {
    return Stream.of(
        claim(
            "a box",
            "box-1",
            intent(7).box("box-0").box("box-1"),
            intent(8).box("box-2").box("box-1", Path.of("/else"))),
        claim(
            "a disk",
            "/other.qcow2",
            intent(7).disk("box-1", 64768, 12),
            intent(8)
                .disk(DiskSlot.GUEST_ROOTFS, Path.of("/other.qcow2"), new FileIdentity(64768, 12))),
        claim(
            "a planned base",
            "plan0001",
            intent(7).planning(base("plan0001").build()),
            intent(8).planning(base("plan0001").at(Path.of("/else")).build())),
        claim(
            "a planned base's name",
            "debian:12",
            intent(7).planning(base("plan0001").rootfs("debian:12").build()),
            intent(8).planning(base("plan0002").rootfs("debian:12").build())),
        claim(
            "a planned base's file",
            basePath("plan0001").toString(),
            intent(7).planning(base("plan0001").build()),
            intent(8).planning(base("plan0002").at(basePath("plan0001")).build())));
  }

  private static Arguments claim(
      String what, String named, Records.IntentBuilder first, Records.IntentBuilder second) {
    return Arguments.argumentSet(what, named, first.build(), second.build());
  }

  @ParameterizedTest
  @MethodSource("claims")
  void what_an_intent_claims_is_busy_for_others(String named, Intent first, Intent second) {
    write(tx -> tx.insertIntent(first));

    BusyException busy = refused(BusyException.class, tx -> tx.insertIntent(second));

    assertEquals(7, busy.holder());
    assertNames(busy, named);
    assertEquals(ImmutableList.of(first), read(StoreView::listIntents));
  }

  @ParameterizedTest
  @MethodSource("claims")
  void what_an_intent_claimed_is_free_when_it_is_dropped(
      String named, Intent first, Intent second) {
    write(tx -> tx.insertIntent(first));

    write(
        tx -> {
          tx.removeIntent(first.id());
          tx.insertIntent(second);
        });

    assertEquals(ImmutableList.of(second), read(StoreView::listIntents));
  }

  @Test
  void disks_with_one_inode_number_on_two_devices_are_two() {
    write(tx -> tx.insertIntent(intent(7).disk("box-1", 1, 12).build()));

    write(tx -> tx.insertIntent(intent(8).disk("box-2", 2, 12).build()));
  }

  @Test
  void a_disks_directory_may_be_named_by_many_intents_and_for_many_boxes() {
    Path dir = Path.of("/vms");
    Intent first = intent(7).box("box-1", dir).box("box-2", dir).build();
    Intent second = intent(8).box("box-3", dir).build();
    write(tx -> tx.insertIntent(first));

    write(tx -> tx.insertIntent(second));

    assertEquals(ImmutableList.of(first, second), read(StoreView::listIntents));
  }

  @Test
  void a_base_and_a_file_may_be_named_by_many_intents() {
    write(tx -> insertBases(tx, "base0001"));
    write(tx -> tx.insertIntent(intent(7).bases("base0001").file("/bases").build()));

    write(tx -> tx.insertIntent(intent(8).bases("base0001").file("/bases").build()));
  }

  @Test
  void an_intent_may_claim_boxes_that_are_not_registered_and_boxes_that_are() {
    write(tx -> insertBoxes(tx, "box-1"));

    write(tx -> tx.insertIntent(intent(7).box("box-1").box("box-2").build()));
  }

  @Test
  void an_intent_names_a_box_or_disk_once() {
    refused(
        AlreadyExistsException.class,
        tx -> tx.insertIntent(intent(7).box("box-1").box("box-1", Path.of("/else")).build()));
    refused(
        AlreadyExistsException.class,
        tx -> tx.insertIntent(intent(7).disk("box-1", 1, 2).disk("box-2", 1, 2).build()));
  }

  @Test
  void the_bases_of_an_intent_are_recorded() {
    write(tx -> insertBases(tx, "base0001"));

    assertNames(
        refused(
            NotFoundException.class,
            tx -> tx.insertIntent(intent(7).bases("base0001", "absent01").build())),
        "absent01");
  }

  @Test
  void a_recorded_base_is_not_planned() {
    write(tx -> insertBases(tx, "base0001"));
    BaseDisk again = base("base0001").at(Path.of("/else")).build();

    assertNames(
        refused(
            AlreadyExistsException.class, tx -> tx.insertIntent(intent(7).planning(again).build())),
        "base0001");
  }

  @Test
  void the_file_of_a_recorded_base_is_not_planned() {
    write(tx -> insertBases(tx, "base0001"));
    BaseDisk other = base("base0002").at(basePath("base0001")).build();

    assertNames(
        refused(
            AlreadyExistsException.class, tx -> tx.insertIntent(intent(7).planning(other).build())),
        basePath("base0001").toString());
  }

  @Test
  void a_planned_base_is_recorded_with_the_end_of_its_intent() {
    BaseDisk planned = base("plan0001").snapshot("nightly").build();
    write(tx -> tx.insertIntent(intent(7).planning(planned).build()));

    write(
        tx -> {
          tx.insertBase(planned);
          tx.removeIntent(new OperationId(7));
        });

    assertEquals(planned, read(view -> view.findBase(planned.id())).orElseThrow());
  }

  @Test
  void dropping_an_intent_leaves_others() {
    write(tx -> insertBases(tx, "base0001", "base0002"));
    Intent other = intent(8).box("box-8").disk("box-8", 8, 8).file("/8").build();
    write(tx -> tx.insertIntent(fullIntent()));
    write(tx -> tx.insertIntent(other));

    write(tx -> tx.removeIntent(new OperationId(7)));

    assertEquals(ImmutableList.of(other), read(StoreView::listIntents));
    assertEquals(ImmutableList.of(), read(view -> view.intentsNaming(id("base0001"))));
  }

  @Test
  void dropping_an_intent_that_does_not_stand_does_nothing() {
    write(tx -> tx.removeIntent(new OperationId(7)));
  }

  @Test
  void a_base_is_free_when_the_intent_that_named_it_is_dropped() {
    write(tx -> insertBases(tx, "base0001"));
    write(tx -> tx.insertIntent(intent(7).bases("base0001").build()));
    write(tx -> tx.removeIntent(new OperationId(7)));

    assertTrue(deleted(tx -> tx.deleteBase(id("base0001"))));
  }

  @Test
  void a_claimed_box_may_be_deleted() {
    write(
        tx -> {
          insertBoxes(tx, "box-1");
          tx.insertIntent(intent(7).box("box-1").build());
        });

    assertTrue(deleted(tx -> tx.deleteBox(BoxId.of("box-1"))));
  }

  @Test
  void an_intent_of_a_thousand_boxes_round_trips() {
    Records.IntentBuilder builder = intent(7).operation(Operation.CREATE_BOXES);
    for (int i = 0; i < 1000; i++) {
      builder.box("box-" + i).file("/boxes/" + i).file("/boxes/" + i + "/disk.qcow2");
    }
    Intent intent = builder.build();
    write(tx -> tx.insertIntent(intent));

    assertEquals(intent, read(view -> view.findIntent(intent.id())).orElseThrow());
  }
}
