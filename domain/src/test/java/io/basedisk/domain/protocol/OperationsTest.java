package io.basedisk.domain.protocol;

import static io.basedisk.domain.testing.Records.base;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.Intents;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each protocol settles the operations of its own type. */
final class OperationsTest {

  static ImmutableList<Intent> intents() {
    return Intents.ofEveryType();
  }

  /** The files of these operations are missing, so only some of the operations can be settled. */
  @ParameterizedTest
  @MethodSource("intents")
  void an_intent_of_every_type_has_a_protocol(Intent intent) {
    Fleet fleet = new Fleet();
    fleet.store.change(
        tx -> {
          tx.bases().insert(base("base0001").build());
          tx.bases().insert(base("base0002").build());
          tx.intents().insert(intent);
        });

    fleet.useCases.recover();

    assertTrue(fleet.events.stream().anyMatch(OperationsTest::isVerdict), fleet.events::toString);
    assertFalse(fleet.events.toString().contains("no protocol"), fleet.events::toString);
  }

  private static boolean isVerdict(Event event) {
    return event instanceof Event.RolledBack
        || event instanceof Event.RolledForward
        || event instanceof Event.LeftUndecided;
  }
}
