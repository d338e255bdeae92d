package io.basedisk.domain.testing;

import static io.basedisk.domain.testing.Records.NOON;
import static io.basedisk.domain.testing.Records.base;
import static io.basedisk.domain.testing.Records.basePath;
import static io.basedisk.domain.testing.Records.id;
import static io.basedisk.domain.testing.Records.reference;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.RootfsEntry;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.StoreTransaction;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a store does with the records of bases. */
abstract class StoreBasesContract extends StoreContractPart {

  private static final Instant JUST_BEFORE_1970 = Instant.ofEpochSecond(0, -1);

  static Stream<BaseDisk> bases() {
    return Stream.of(
        base("base0001").build(),
        base("base0001").of("box-1").snapshot("nächtlich 🌙").build(),
        base("base0001").of("box-1").named("named clone base").build(),
        base("base0001").rootfs("debian:12").createdAt(NOON.plusSeconds(1L << 33)).build(),
        base("base0001").at(Path.of("/a b/'c\"?x=%41#é/base0001.qcow2")).build(),
        base("base0001").sized(Long.MAX_VALUE, 0).on("parent01").build());
  }

  @ParameterizedTest
  @MethodSource("bases")
  void a_base_is_found_by_its_id_with_every_field(BaseDisk base) {
    write(
        tx -> {
          insertBases(tx, "parent01");
          tx.bases().insert(base);
        });

    assertEquals(base, read(view -> view.bases().find(id("base0001"))).orElseThrow());
  }

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

  @ParameterizedTest
  @EnumSource
  void a_foreign_base_keeps_its_path_and_format(ImageFormat format) {
    BaseDisk base = base("base0001").foreign(Path.of("/images/ü.img"), format).build();
    BaseDisk child = base("base0002").on("base0001").build();
    write(
        tx -> {
          tx.bases().insert(base);
          tx.bases().insert(child);
        });

    assertEquals(base, read(view -> view.bases().find(id("base0001"))).orElseThrow());
    assertEquals(
        base, read(view -> view.bases().findByPath(Path.of("/images/ü.img"))).orElseThrow());
    assertEquals(ImmutableList.of(child, base), read(view -> view.bases().list(BaseFilter.ALL)));
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
  void a_base_that_is_not_recorded_is_not_found() {
    assertTrue(read(view -> view.bases().find(id("base0001"))).isEmpty());
  }

  @Test
  void ids_that_differ_in_case_are_two() {
    write(tx -> insertBases(tx, "baseAAAA", "baseaaaa"));

    assertEquals(
        id("baseaaaa"), read(view -> view.bases().find(id("baseaaaa"))).orElseThrow().id());
  }

  @Test
  void a_base_is_found_by_its_path() {
    write(tx -> insertBases(tx, "base0001", "base0002"));

    assertEquals(
        base("base0002").build(),
        read(view -> view.bases().findByPath(basePath("base0002"))).orElseThrow());
    assertTrue(read(view -> view.bases().findByPath(basePath("base0003"))).isEmpty());
  }

  @Test
  void paths_are_compared_as_they_were_recorded() {
    write(tx -> insertBases(tx, "base0001"));

    Path other = Path.of("/home/./bases/base0001.qcow2");

    assertTrue(read(view -> view.bases().findByPath(other)).isEmpty());
  }

  @Test
  void a_base_is_found_by_its_box_and_name() {
    BaseDisk wanted = base("base0002").of("box-1").snapshot("two").build();
    write(
        tx -> {
          tx.bases().insert(base("base0001").of("box-1").snapshot("one").build());
          tx.bases().insert(wanted);
          tx.bases().insert(base("base0003").of("box-2").snapshot("two").build());
        });

    assertEquals(
        wanted,
        read(view -> view.bases().findByName(BoxId.of("box-1"), new SnapshotName("two")))
            .orElseThrow());
    assertTrue(
        read(view -> view.bases().findByName(BoxId.of("box-2"), new SnapshotName("one")))
            .isEmpty());
  }

  @Test
  void a_rootfs_is_found_by_its_key() {
    write(tx -> tx.bases().insert(base("base0001").rootfs("debian:12").build()));

    assertTrue(
        read(view -> view.bases().findByName(BoxId.GLOBAL, new SnapshotName("debian:12")))
            .isPresent());
  }

  @Test
  void bases_are_listed_newest_first() {
    write(
        tx -> {
          tx.bases().insert(base("base0002").createdAt(NOON.plusSeconds(20)).build());
          tx.bases().insert(base("base0003").createdAt(NOON.plusSeconds(30)).build());
          tx.bases().insert(base("base0001").createdAt(NOON.plusSeconds(10)).build());
        });

    assertEquals(
        ImmutableList.of("base0003", "base0002", "base0001"),
        ids(view -> view.bases().list(BaseFilter.ALL)));
  }

  @Test
  void of_bases_of_equal_times_the_later_insertion_is_first() {
    write(tx -> insertBases(tx, "base0002", "base0001"));
    write(tx -> insertBases(tx, "base0003"));

    assertEquals(
        ImmutableList.of("base0003", "base0001", "base0002"),
        ids(view -> view.bases().list(BaseFilter.ALL)));
  }

  @Test
  void a_base_that_is_inserted_again_is_the_later_insertion() {
    write(tx -> insertBases(tx, "base0001", "base0002"));
    write(tx -> tx.bases().delete(id("base0001")));
    write(tx -> insertBases(tx, "base0001"));

    assertEquals(
        ImmutableList.of("base0001", "base0002"), ids(view -> view.bases().list(BaseFilter.ALL)));
  }

  private void insertMixed() {
    write(
        tx -> {
          tx.bases().insert(base("base0001").of("box-1").snapshot("one").build());
          tx.bases().insert(base("base0002").of("box-1").build());
          tx.bases().insert(base("base0003").of("box-2").snapshot("one").build());
          tx.bases().insert(base("base0004").rootfs("one").build());
          tx.bases().insert(base("base0005").of("box-1").snapshot("two").build());
        });
  }

  @Test
  void bases_are_listed_by_box() {
    insertMixed();

    assertEquals(
        ImmutableList.of("base0005", "base0002", "base0001"),
        ids(view -> view.bases().list(new BaseFilter(BoxId.of("box-1"), null))));
  }

  @Test
  void bases_are_listed_by_kind() {
    insertMixed();

    assertEquals(
        ImmutableList.of("base0005", "base0003", "base0001"),
        ids(view -> view.bases().list(new BaseFilter(null, BaseDiskKind.SNAPSHOT))));
  }

  @Test
  void bases_are_listed_by_box_and_kind() {
    insertMixed();

    assertEquals(
        ImmutableList.of("base0005", "base0001"),
        ids(view -> view.bases().list(new BaseFilter(BoxId.of("box-1"), BaseDiskKind.SNAPSHOT))));
    assertEquals(
        ImmutableList.of(),
        ids(view -> view.bases().list(new BaseFilter(BoxId.of("box-1"), BaseDiskKind.ROOTFS))));
  }

  @Test
  void children_are_the_bases_directly_on_a_base_newest_first() {
    write(
        tx -> {
          insertBases(tx, "base0001");
          tx.bases().insert(base("base0003").on("base0001").createdAt(NOON.plusSeconds(9)).build());
          tx.bases().insert(base("base0002").on("base0001").build());
          tx.bases().insert(base("base0004").of("box-2").on("base0001").build());
          tx.bases().insert(base("base0005").on("base0002").build());
        });

    assertEquals(
        ImmutableList.of("base0003", "base0004", "base0002"),
        ids(view -> view.bases().listChildren(id("base0001"))));
    assertEquals(ImmutableList.of(), ids(view -> view.bases().listChildren(id("base0005"))));
  }

  @Test
  void a_walk_in_parts_passes_every_base_once_in_the_order_of_ids() {
    write(tx -> insertBases(tx, "base0004", "Base0005", "base0001", "base0003", "base0002"));

    assertEquals(
        ImmutableList.of("Base0005", "base0001"), ids(view -> view.bases().listAfter(null, 2)));
    assertEquals(
        ImmutableList.of("base0002", "base0003"),
        ids(view -> view.bases().listAfter(id("base0001"), 2)));
    assertEquals(
        ImmutableList.of("base0004"), ids(view -> view.bases().listAfter(id("base0003"), 2)));
    assertEquals(ImmutableList.of(), ids(view -> view.bases().listAfter(id("base0004"), 2)));
  }

  @Test
  void a_walk_in_parts_goes_on_behind_a_base_that_is_gone() {
    write(tx -> insertBases(tx, "base0001", "base0003"));

    assertEquals(
        ImmutableList.of("base0003"), ids(view -> view.bases().listAfter(id("base0002"), 9)));
  }

  @Test
  void some_children_are_the_latest_insertions() {
    write(
        tx -> {
          insertBases(tx, "base0001");
          tx.bases().insert(base("base0003").on("base0001").createdAt(NOON.plusSeconds(9)).build());
          tx.bases().insert(base("base0002").on("base0001").build());
          tx.bases().insert(base("base0004").of("box-2").on("base0001").build());
          tx.bases().insert(base("base0005").on("base0002").build());
        });

    assertEquals(
        ImmutableList.of(id("base0004"), id("base0002")),
        read(view -> view.bases().listChildIds(id("base0001"), 2)));
    assertEquals(
        ImmutableList.of(id("base0005")),
        read(view -> view.bases().listChildIds(id("base0002"), 2)));
    assertEquals(ImmutableList.of(), read(view -> view.bases().listChildIds(id("base0005"), 2)));
  }

  @Test
  void an_id_is_taken_once() {
    write(tx -> insertBases(tx, "base0001"));

    assertNames(
        refused(
            AlreadyExistsException.class,
            tx -> tx.bases().insert(base("base0001").at(Path.of("/else")).build())),
        "base0001");
  }

  @Test
  void a_base_path_is_taken_once() {
    write(tx -> insertBases(tx, "base0001"));

    assertNames(
        refused(
            AlreadyExistsException.class,
            tx -> tx.bases().insert(base("base0002").at(basePath("base0001")).build())),
        basePath("base0001").toString());
  }

  @Test
  void a_name_is_taken_once_in_its_box() {
    write(tx -> tx.bases().insert(base("base0001").of("box-1").snapshot("nightly").build()));

    assertNames(
        refused(
            AlreadyExistsException.class,
            tx -> tx.bases().insert(base("base0002").of("box-1").snapshot("nightly").build())),
        "box-1",
        "nightly");
  }

  @Test
  void names_that_differ_in_case_are_two() {
    write(tx -> tx.bases().insert(base("base0001").snapshot("nightly").build()));

    write(tx -> tx.bases().insert(base("base0002").snapshot("Nightly").build()));
  }

  @Test
  void a_name_may_be_used_in_each_box() {
    write(tx -> tx.bases().insert(base("base0001").of("box-1").snapshot("nightly").build()));

    write(tx -> tx.bases().insert(base("base0002").of("box-2").snapshot("nightly").build()));
  }

  @Test
  void a_box_may_have_many_nameless_bases() {
    write(tx -> insertBases(tx, "base0001", "base0002", "base0003"));

    assertEquals(3, read(view -> view.bases().list(BaseFilter.ALL)).size());
  }

  @Test
  void the_parent_must_be_recorded() {
    assertNames(
        refused(
            NotFoundException.class,
            tx -> tx.bases().insert(base("base0001").on("absent01").build())),
        "absent01");
  }

  @Test
  void the_source_box_need_not_be_registered() {
    write(tx -> tx.bases().insert(base("base0001").of("absent").build()));

    assertTrue(read(view -> view.boxes().find(BoxId.of("absent"))).isEmpty());
  }

  @Test
  void deleting_a_base_takes_it_and_no_other() {
    write(tx -> insertBases(tx, "base0001", "base0002"));

    assertTrue(deleted(tx -> tx.bases().delete(id("base0001"))));

    assertEquals(ImmutableList.of("base0002"), ids(view -> view.bases().list(BaseFilter.ALL)));
  }

  @Test
  void deleting_a_base_that_is_not_recorded_says_so() {
    assertFalse(deleted(tx -> tx.bases().delete(id("base0001"))));
  }

  @Test
  void what_was_unique_to_a_deleted_base_is_free() {
    BaseDisk base = base("base0001").snapshot("nightly").build();
    write(tx -> tx.bases().insert(base));
    write(tx -> tx.bases().delete(base.id()));

    write(tx -> tx.bases().insert(base));

    assertEquals(base, read(view -> view.bases().find(base.id())).orElseThrow());
  }

  static Stream<Arguments> holders() {
    return Stream.of(
        holder(
            "box-1",
            tx -> {
              insertBoxes(tx, "box-1");
              tx.references().put(reference("base0001", "box-1"));
            }),
        holder(
            "child001", tx -> tx.bases().insert(base("child001").of("b").on("base0001").build())),
        holder("4711", tx -> tx.intents().insert(Intents.createBoxesOn("base0001", 4711, "box-1"))),
        holder(
            "gone0001",
            tx ->
                tx.pendingDeletes()
                    .insert(
                        new DeletingBase(id("gone0001"), basePath("gone0001"), id("base0001")))));
  }

  private static Arguments holder(String name, Consumer<StoreTransaction> insertion) {
    return Arguments.argumentSet("held by " + name, name, insertion);
  }

  @ParameterizedTest
  @MethodSource("holders")
  void a_base_that_a_row_names_is_not_deleted(String name, Consumer<StoreTransaction> insertion) {
    write(tx -> insertBases(tx, "base0001"));
    write(insertion);

    assertNames(
        refused(RefusedException.class, tx -> tx.bases().delete(id("base0001"))), "base0001", name);

    assertTrue(read(view -> view.bases().find(id("base0001"))).isPresent());
  }

  @ParameterizedTest
  @MethodSource("holders")
  void the_bases_of_a_box_are_not_deleted_if_a_row_names_one(
      String name, Consumer<StoreTransaction> insertion) {
    write(tx -> insertBases(tx, "base0000", "base0001", "base0002"));
    write(insertion);
    Object before = read(StoreContractPart::everything);

    assertNames(
        refused(RefusedException.class, tx -> tx.bases().deleteOf(BoxId.of("src"))),
        "base0001",
        name);

    assertEquals(before, read(StoreContractPart::everything));
  }

  @Test
  void deleting_the_bases_of_a_box_takes_them_all_and_no_other() {
    insertMixed();

    int deleted = store().<Integer>write(tx -> tx.bases().deleteOf(BoxId.of("box-1")));

    assertEquals(3, deleted);
    assertEquals(
        ImmutableList.of("base0004", "base0003"), ids(view -> view.bases().list(BaseFilter.ALL)));
  }

  @Test
  void deleting_the_bases_of_a_box_that_has_none_does_nothing() {
    insertMixed();

    assertEquals(
        0, store().<Integer>write(tx -> tx.bases().deleteOf(BoxId.of("box-9"))).intValue());

    assertEquals(5, read(view -> view.bases().list(BaseFilter.ALL)).size());
  }

  @Test
  void the_bases_of_a_box_go_whatever_their_order_in_each_others_chains() {
    write(
        tx -> {
          tx.bases().insert(base("other000").of("other").build());
          tx.bases().insert(base("base0005").on("other000").build());
          tx.bases().insert(base("base0001").on("base0005").build());
          tx.bases().insert(base("base0009").on("base0001").build());
          tx.bases().insert(base("base0003").on("base0001").build());
          tx.bases().insert(base("base0007").on("base0009").build());
        });

    assertEquals(5, store().<Integer>write(tx -> tx.bases().deleteOf(BoxId.of("src"))).intValue());

    assertEquals(ImmutableList.of("other000"), ids(view -> view.bases().list(BaseFilter.ALL)));
  }

  @Test
  void a_long_chain_of_one_box_goes_at_once() {
    write(
        tx -> {
          insertBases(tx, "chain000");
          for (int i = 1; i < 300; i++) {
            String id = String.format("chain%03d", i);
            tx.bases().insert(base(id).on(String.format("chain%03d", i - 1)).build());
          }
        });

    assertEquals(
        300, store().<Integer>write(tx -> tx.bases().deleteOf(BoxId.of("src"))).intValue());
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

  // The rootfs cache.

  @Test
  void a_superseded_rootfs_has_no_key_and_is_else_the_same() {
    BaseDisk rootfs = base("base0001").rootfs("debian:12").build();
    write(tx -> tx.bases().insert(rootfs));
    write(tx -> tx.rootfs().put(id("base0001"), new RootfsEntry("0123abcd", NOON)));

    write(tx -> tx.rootfs().supersede(id("base0001")));

    BaseDisk superseded = read(view -> view.bases().find(id("base0001"))).orElseThrow();
    assertEquals(BaseDiskKind.ROOTFS, superseded.kind());
    assertEquals(BoxId.GLOBAL, superseded.sourceBoxId());
    assertEquals(null, superseded.name());
    assertEquals(rootfs.diskInfo(), superseded.diskInfo());
    assertTrue(read(view -> view.rootfs().find(id("base0001"))).isPresent());
  }

  @Test
  void the_key_of_a_superseded_rootfs_is_free_at_once() {
    write(tx -> tx.bases().insert(base("base0001").rootfs("debian:12").build()));
    write(
        tx -> {
          tx.rootfs().supersede(id("base0001"));
          tx.rootfs().supersede(id("base0001"));
          tx.bases().insert(base("base0002").rootfs("debian:12").build());
        });

    assertEquals(
        id("base0002"),
        read(view -> view.bases().findByName(BoxId.GLOBAL, new SnapshotName("debian:12")))
            .orElseThrow()
            .id());
  }

  @Test
  void only_a_rootfs_is_superseded() {
    write(tx -> tx.bases().insert(base("base0001").of("box-1").snapshot("nightly").build()));

    refused(IllegalArgumentException.class, tx -> tx.rootfs().supersede(id("base0001")));
    assertNames(
        refused(NotFoundException.class, tx -> tx.rootfs().supersede(id("none0001"))), "none0001");
  }

  @Test
  void what_the_rootfs_cache_knows_is_kept_to_the_nanosecond_and_replaced() {
    RootfsEntry first = new RootfsEntry(null, NOON.plusNanos(123_456_789));
    RootfsEntry second = new RootfsEntry("0123abcd", NOON.plusSeconds(1L << 32));
    write(tx -> insertBases(tx, "base0001"));

    assertTrue(read(view -> view.rootfs().find(id("base0001"))).isEmpty());

    write(tx -> tx.rootfs().put(id("base0001"), first));

    assertEquals(first, read(view -> view.rootfs().find(id("base0001"))).orElseThrow());

    write(tx -> tx.rootfs().put(id("base0001"), second));

    assertEquals(second, read(view -> view.rootfs().find(id("base0001"))).orElseThrow());
  }

  @Test
  void what_the_rootfs_cache_knows_goes_with_its_base_and_needs_it() {
    write(tx -> insertBases(tx, "base0001"));
    write(tx -> tx.rootfs().put(id("base0001"), new RootfsEntry(null, NOON)));
    write(tx -> tx.bases().delete(id("base0001")));
    write(tx -> insertBases(tx, "base0001"));

    assertTrue(read(view -> view.rootfs().find(id("base0001"))).isEmpty());
    assertNames(
        refused(
            NotFoundException.class,
            tx -> tx.rootfs().put(id("none0001"), new RootfsEntry(null, NOON))),
        "none0001");
  }
}
