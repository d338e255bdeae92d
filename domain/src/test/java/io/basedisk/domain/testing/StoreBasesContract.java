package io.basedisk.domain.testing;

import static io.basedisk.domain.testing.Records.NOON;
import static io.basedisk.domain.testing.Records.base;
import static io.basedisk.domain.testing.Records.basePath;
import static io.basedisk.domain.testing.Records.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.SnapshotName;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How a store records bases and finds them. */
abstract class StoreBasesContract extends StoreContractPart {

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
        read(view -> view.bases().findByName(BoxId.GLOBAL, new RootfsKey("debian:12")))
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
}
