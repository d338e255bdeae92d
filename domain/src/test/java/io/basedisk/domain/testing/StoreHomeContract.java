package io.basedisk.domain.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.WhenLocksCantBeAsked;
import io.basedisk.domain.port.StoreView;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a store keeps of the home itself. */
abstract class StoreHomeContract extends StoreContractPart {

  @Test
  void a_new_home_has_decided_nothing() {
    assertEquals(Optional.empty(), read(StoreView::whenLocksCantBeAsked));
  }

  @ParameterizedTest
  @EnumSource
  void a_decision_is_kept_for_all_users_of_the_home(WhenLocksCantBeAsked decision) {
    write(tx -> tx.decideWhenLocksCantBeAsked(decision));
    write(tx -> tx.decideWhenLocksCantBeAsked(decision));
    assertEquals(Optional.of(decision), another().read(StoreView::whenLocksCantBeAsked));
  }

  @Test
  void a_decision_is_never_changed() {
    write(tx -> tx.decideWhenLocksCantBeAsked(WhenLocksCantBeAsked.KEEP_EVERYTHING));

    assertNames(
        refused(
            RefusedException.class,
            tx -> tx.decideWhenLocksCantBeAsked(WhenLocksCantBeAsked.TRUST_CALLER)),
        "keep-everything");

    assertEquals(
        Optional.of(WhenLocksCantBeAsked.KEEP_EVERYTHING), read(StoreView::whenLocksCantBeAsked));
  }
}
