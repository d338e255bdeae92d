package io.basedisk.domain.testing;

import static io.basedisk.domain.testing.Records.base;
import static io.basedisk.domain.testing.Records.basePath;
import static io.basedisk.domain.testing.Records.id;
import static io.basedisk.domain.testing.Records.reference;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.port.StoreTransaction;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How a store deletes the records of bases. */
abstract class StoreBaseDeletionsContract extends StoreContractPart {

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
}
