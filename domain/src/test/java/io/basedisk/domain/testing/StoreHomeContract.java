package io.basedisk.domain.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.Relocation;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.BaseDiskStore;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a store keeps of the home itself. */
abstract class StoreHomeContract extends StoreContractPart {

  // Its identity.

  @Test
  void a_new_store_belongs_to_no_home() {
    assertEquals(Optional.empty(), read(view -> view.home().findIdentity()));
  }

  @Test
  void a_store_belongs_to_the_home_that_was_recorded_last() {
    write(tx -> tx.home().putIdentity(homeIdentity(1)));

    assertEquals(Optional.of(homeIdentity(1)), read(view -> view.home().findIdentity()));

    write(tx -> tx.home().putIdentity(homeIdentity(2)));

    assertEquals(Optional.of(homeIdentity(2)), read(view -> view.home().findIdentity()));
  }

  @Test
  void every_store_object_tells_the_same_home_also_when_the_store_was_closed() {
    BaseDiskStore other = another();
    write(tx -> tx.home().putIdentity(homeIdentity(1)));

    assertEquals(Optional.of(homeIdentity(1)), other.read(view -> view.home().findIdentity()));

    store().close();

    assertEquals(Optional.of(homeIdentity(1)), another().read(view -> view.home().findIdentity()));
  }

  // The number of its last write.

  @Test
  void a_new_store_has_counted_no_write() {
    assertEquals(0, writeNumber());
  }

  @Test
  void each_counted_write_has_the_next_number() {
    for (long number = 1; number <= 3; number++) {
      assertEquals(number, countWrite(0));
      assertEquals(number, writeNumber());
    }
  }

  @Test
  void a_write_sees_its_own_number() {
    long seen =
        store()
            .<Long>write(
                tx -> {
                  tx.home().countWrite(0);
                  return tx.home().writeNumber();
                });

    assertEquals(1, seen);
  }

  @Test
  void a_write_that_is_not_counted_has_no_number() {
    countWrite(0);
    write(tx -> insertBoxes(tx, "box-1"));

    assertEquals(1, writeNumber());
  }

  @Test
  void a_number_is_at_least_what_is_asked_for_and_never_goes_back() {
    assertEquals(7, countWrite(7));
    assertEquals(8, countWrite(8));
    assertEquals(9, countWrite(3));
    assertEquals(1L << 40, countWrite(1L << 40));
    assertEquals((1L << 40) + 1, countWrite(0));
  }

  @Test
  void a_write_that_throws_does_not_count() {
    countWrite(0);

    assertThrows(
        AssertionError.class,
        () ->
            write(
                tx -> {
                  tx.home().countWrite(1000);
                  throw new AssertionError("thrown by work");
                }));

    assertEquals(1, writeNumber());
    assertEquals(2, countWrite(0));
  }

  @Test
  void all_store_objects_count_together() {
    BaseDiskStore other = another();

    assertEquals(1, countWrite(0));
    assertEquals(2, other.<Long>write(tx -> tx.home().countWrite(0)));
    assertEquals(3, countWrite(0));
    assertEquals(3, other.<Long>read(view -> view.home().writeNumber()));
  }

  private long countWrite(long least) {
    return store().<Long>write(tx -> tx.home().countWrite(least));
  }

  // Its relocation.

  @Test
  void a_new_store_has_no_relocation() {
    assertEquals(Optional.empty(), read(view -> view.home().findRelocation()));
  }

  @Test
  void a_relocation_is_found_with_every_field() {
    write(tx -> tx.home().insertRelocation(relocation()));

    assertEquals(Optional.of(relocation()), another().read(view -> view.home().findRelocation()));
  }

  @Test
  void a_relocation_may_change_no_header() {
    Relocation empty = withoutParts(relocation());
    write(tx -> tx.home().insertRelocation(empty));

    assertEquals(Optional.of(empty), read(view -> view.home().findRelocation()));
  }

  @Test
  void a_home_has_one_relocation() {
    write(tx -> tx.home().insertRelocation(relocation()));

    BusyException busy =
        refused(BusyException.class, tx -> tx.home().insertRelocation(withoutParts(relocation())));

    assertEquals(relocation().operation().value(), busy.holder());
    assertEquals(Optional.of(relocation()), read(view -> view.home().findRelocation()));
  }

  @Test
  void a_relocation_that_was_dropped_leaves_nothing() {
    Relocation next =
        new Relocation(
            new OperationId(5),
            homeIdentity(2),
            homeIdentity(3),
            relocation().rewrites().reverse(),
            relocation().leftOut().subList(0, 1));
    write(tx -> tx.home().insertRelocation(relocation()));
    write(tx -> tx.home().deleteRelocation());
    write(tx -> tx.home().deleteRelocation());

    assertEquals(Optional.empty(), read(view -> view.home().findRelocation()));

    write(tx -> tx.home().insertRelocation(next));

    assertEquals(Optional.of(next), read(view -> view.home().findRelocation()));
  }

  private static Relocation withoutParts(Relocation relocation) {
    return new Relocation(
        new OperationId(6),
        relocation.from(),
        relocation.to(),
        relocation.rewrites().subList(0, 0),
        relocation.leftOut().subList(0, 0));
  }

  // What was decided.

  @Test
  void a_new_home_has_decided_nothing() {
    assertEquals(Optional.empty(), read(view -> view.home().findUnknownUsePolicy()));
  }

  @ParameterizedTest
  @EnumSource
  void a_decision_is_kept_for_all_users_of_the_home(UnknownUsePolicy decision) {
    write(tx -> tx.home().decideUnknownUsePolicy(decision));
    write(tx -> tx.home().decideUnknownUsePolicy(decision));
    assertEquals(Optional.of(decision), another().read(view -> view.home().findUnknownUsePolicy()));
  }

  @Test
  void a_decision_is_never_changed() {
    write(tx -> tx.home().decideUnknownUsePolicy(UnknownUsePolicy.KEEP));

    assertNames(
        refused(
            RefusedException.class,
            tx -> tx.home().decideUnknownUsePolicy(UnknownUsePolicy.TRUST_CALLER)),
        "keep-everything");

    assertEquals(
        Optional.of(UnknownUsePolicy.KEEP), read(view -> view.home().findUnknownUsePolicy()));
  }

  private long writeNumber() {
    return read(view -> view.home().writeNumber());
  }
}
