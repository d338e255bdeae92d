package io.basedisk.domain.testing;

import static io.basedisk.domain.testing.Records.NOON;
import static io.basedisk.domain.testing.Records.base;
import static io.basedisk.domain.testing.Records.id;
import static io.basedisk.domain.testing.Records.reference;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.SnapshotName;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a store changes in the record of a base. */
abstract class StoreBaseChangesContract extends StoreContractPart {

  private static final Instant JUST_BEFORE_1970 = Instant.ofEpochSecond(0, -1);

  @Test
  void a_base_has_no_fingerprint_until_one_is_recorded() {
    write(tx -> insertBases(tx, "base0001"));

    assertTrue(read(view -> view.bases().findFingerprint(id("base0001"))).isEmpty());
    assertTrue(read(view -> view.bases().findFingerprint(id("none0001"))).isEmpty());
  }

  @Test
  void a_fingerprint_is_kept_to_the_nanosecond_and_replaced() {
    BaseFingerprint first = new BaseFingerprint(NOON.plusNanos(123_456_789), null);
    BaseFingerprint second = new BaseFingerprint(NOON.minusSeconds(1L << 32), "0123abcd");
    write(tx -> insertBases(tx, "base0001"));
    write(tx -> tx.bases().putFingerprint(id("base0001"), first));

    assertEquals(first, read(view -> view.bases().findFingerprint(id("base0001"))).orElseThrow());

    write(tx -> tx.bases().putFingerprint(id("base0001"), second));

    assertEquals(second, read(view -> view.bases().findFingerprint(id("base0001"))).orElseThrow());
  }

  @Test
  void a_fingerprint_may_be_of_any_time() {
    write(tx -> insertBases(tx, "base0001"));

    for (Instant time : ImmutableList.of(FAR_AWAY, NOON.minusSeconds(1L << 40), JUST_BEFORE_1970)) {
      write(tx -> tx.bases().putFingerprint(id("base0001"), new BaseFingerprint(time, null)));

      assertEquals(
          time,
          read(view -> view.bases().findFingerprint(id("base0001"))).orElseThrow().modifiedAt());
    }
  }

  @Test
  void a_fingerprint_goes_with_its_base() {
    write(tx -> insertBases(tx, "base0001"));
    write(tx -> tx.bases().putFingerprint(id("base0001"), new BaseFingerprint(NOON, "0123abcd")));
    write(tx -> tx.bases().delete(id("base0001")));
    write(tx -> insertBases(tx, "base0001"));

    assertTrue(read(view -> view.bases().findFingerprint(id("base0001"))).isEmpty());
  }

  @Test
  void a_fingerprint_needs_its_base() {
    assertNames(
        refused(
            NotFoundException.class,
            tx -> tx.bases().putFingerprint(id("base0001"), new BaseFingerprint(NOON, null))),
        "base0001");
  }

  @Test
  void a_base_can_be_given_another_length_and_nothing_else_changes() {
    write(tx -> insertBases(tx, "base0001", "base0002"));
    BaseDisk other = read(view -> view.bases().find(id("base0002"))).orElseThrow();
    DiskInfo before = read(view -> view.bases().find(id("base0001"))).orElseThrow().diskInfo();
    write(tx -> tx.bases().putSize(id("base0001"), 1L << 40));

    assertEquals(
        new DiskInfo(before.basePath(), before.containerDiskBytes(), 1L << 40),
        read(view -> view.bases().find(id("base0001"))).orElseThrow().diskInfo());
    assertEquals(other, read(view -> view.bases().find(id("base0002"))).orElseThrow());
    assertNames(
        refused(NotFoundException.class, tx -> tx.bases().putSize(id("none0001"), 1)), "none0001");
  }

  @Test
  void a_base_can_be_given_another_parent_and_none() {
    write(tx -> insertBases(tx, "base0001", "base0002"));
    write(tx -> tx.bases().putParent(id("base0002"), id("base0001")));

    assertEquals(
        ImmutableList.of("base0002"), ids(view -> view.bases().listChildren(id("base0001"))));

    write(tx -> tx.bases().putParent(id("base0002"), null));

    assertEquals(ImmutableList.of(), ids(view -> view.bases().listChildren(id("base0001"))));
  }

  @Test
  void a_base_is_not_given_a_parent_that_does_not_exist() {
    write(tx -> insertBases(tx, "base0001"));

    assertNames(
        refused(
            NotFoundException.class, tx -> tx.bases().putParent(id("base0001"), id("none0001"))),
        "none0001");
    assertNames(
        refused(NotFoundException.class, tx -> tx.bases().putParent(id("none0002"), null)),
        "none0002");
  }

  @Test
  void a_demoted_snapshot_is_a_nameless_clone_base_and_else_the_same() {
    write(
        tx -> {
          insertBases(tx, "base0001");
          tx.bases()
              .insert(base("base0002").of("box-1").snapshot("nightly").on("base0001").build());
        });

    write(tx -> tx.bases().demoteToCloneBase(id("base0002")));

    assertEquals(
        base("base0002").of("box-1").on("base0001").build(),
        read(view -> view.bases().find(id("base0002"))).orElseThrow());
  }

  @Test
  void the_name_of_a_demoted_snapshot_is_free_at_once() {
    write(tx -> tx.bases().insert(base("base0001").snapshot("nightly").build()));

    write(
        tx -> {
          tx.bases().demoteToCloneBase(id("base0001"));
          tx.bases().insert(base("base0002").snapshot("nightly").build());
        });

    assertEquals(
        id("base0002"),
        read(view -> view.bases().findByName(BoxId.of("src"), new SnapshotName("nightly")))
            .orElseThrow()
            .id());
  }

  @Test
  void a_demoted_snapshot_keeps_its_place_and_what_names_it() {
    write(
        tx -> {
          tx.bases().insert(base("base0001").snapshot("nightly").build());
          tx.bases().insert(base("base0002").on("base0001").build());
          insertBoxes(tx, "box-1");
          tx.references().put(reference("base0001", "box-1"));
        });

    write(tx -> tx.bases().demoteToCloneBase(id("base0001")));

    assertEquals(
        ImmutableList.of("base0002", "base0001"), ids(view -> view.bases().list(BaseFilter.ALL)));
    assertTrue(shows(view -> view.references().hasDependents(id("base0001"))));
  }

  @Test
  void a_renamed_base_is_else_the_same_and_its_old_name_is_free() {
    write(
        tx -> {
          tx.bases().insert(base("base0001").of("box-1").snapshot("nightly").build());
          tx.bases().insert(base("base0002").of("box-2").snapshot("clean").build());
        });

    write(tx -> tx.bases().rename(id("base0001"), new SnapshotName("clean")));

    assertEquals(
        base("base0001").of("box-1").snapshot("clean").build(),
        read(view -> view.bases().find(id("base0001"))).orElseThrow());
    assertEquals(
        ImmutableList.of("base0002", "base0001"), ids(view -> view.bases().list(BaseFilter.ALL)));

    write(tx -> tx.bases().insert(base("base0003").of("box-1").snapshot("nightly").build()));
  }

  @Test
  void a_base_is_not_renamed_to_the_name_of_another_of_its_source_box() {
    write(
        tx -> {
          tx.bases().insert(base("base0001").snapshot("nightly").build());
          tx.bases().insert(base("base0002").named("clean").build());
        });

    assertNames(
        refused(
            AlreadyExistsException.class,
            tx -> tx.bases().rename(id("base0001"), new SnapshotName("clean"))),
        "src",
        "clean");

    assertEquals(
        new SnapshotName("nightly"),
        read(view -> view.bases().find(id("base0001"))).orElseThrow().name());
  }

  @Test
  void a_base_may_be_renamed_to_its_own_name() {
    write(tx -> tx.bases().insert(base("base0001").snapshot("nightly").build()));

    write(tx -> tx.bases().rename(id("base0001"), new SnapshotName("nightly")));

    assertEquals(
        base("base0001").snapshot("nightly").build(),
        read(view -> view.bases().find(id("base0001"))).orElseThrow());
  }

  @Test
  void a_rootfs_is_not_renamed() {
    write(tx -> tx.bases().insert(base("base0001").rootfs("debian:12").build()));

    refused(
        IllegalArgumentException.class,
        tx -> tx.bases().rename(id("base0001"), new SnapshotName("clean")));
  }

  @Test
  void a_base_that_is_not_recorded_is_not_renamed() {
    assertNames(
        refused(
            NotFoundException.class,
            tx -> tx.bases().rename(id("base0001"), new SnapshotName("clean"))),
        "base0001");
  }

  @Test
  void demoting_a_clone_base_takes_its_name_only() {
    write(tx -> tx.bases().insert(base("base0001").named("named").build()));

    write(tx -> tx.bases().demoteToCloneBase(id("base0001")));

    assertEquals(
        base("base0001").build(), read(view -> view.bases().find(id("base0001"))).orElseThrow());
  }

  @Test
  void a_base_that_is_not_recorded_is_not_demoted() {
    assertNames(
        refused(NotFoundException.class, tx -> tx.bases().demoteToCloneBase(id("base0001"))),
        "base0001");
  }

  @Test
  void a_rootfs_is_not_demoted() {
    write(tx -> tx.bases().insert(base("base0001").rootfs("debian:12").build()));

    refused(IllegalArgumentException.class, tx -> tx.bases().demoteToCloneBase(id("base0001")));

    assertEquals(
        BaseDiskKind.ROOTFS, read(view -> view.bases().find(id("base0001"))).orElseThrow().kind());
  }
}
