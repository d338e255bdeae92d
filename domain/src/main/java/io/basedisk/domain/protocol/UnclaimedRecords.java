package io.basedisk.domain.protocol;

import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.StoreTransaction;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.inject.Inject;

/**
 * Changes records in one transaction, if no operation has claimed them. Such a change needs no
 * intent: a crash leaves the records as they were before it or as they are after it. Thread-safe.
 */
public final class UnclaimedRecords {

  private final BaseDiskStore store;
  private final Operations operations;

  @Inject
  UnclaimedRecords(BaseDiskStore store, Operations operations) {
    this.store = store;
    this.operations = operations;
  }

  /**
   * Runs work in a transaction that sees no claim on the records. Waits for operations that have
   * claimed one, and settles those whose process is dead.
   *
   * @param <T> type of the result
   * @param claimBy the claim that an intent has on the records, as a message names it: {@code box
   *     web-1}; empty for none
   * @param work the change, which may run more than once
   * @return the result of {@code work}
   * @throws BusyException if an operation does not end before the timeout, or can't be settled
   */
  public <T> T change(
      Function<? super Intent, Optional<String>> claimBy,
      Function<? super StoreTransaction, ? extends T> work) {
    while (true) {
      try {
        return store.<T>write(
            tx -> {
              for (Intent intent : tx.intents().list()) {
                Optional<String> claimed = claimBy.apply(intent);
                if (claimed.isPresent()) {
                  throw new Claimed(intent.id(), claimed.get());
                }
              }
              return work.apply(tx);
            });
      } catch (Claimed claimed) {
        operations.awaitSettled(claimed.operation, claimed.what);
      }
    }
  }

  /**
   * {@return the claim that an intent has on one of some boxes, for {@link #change}; empty for
   * none}
   *
   * @param intent the intent
   * @param boxes names of the boxes
   */
  public static Optional<String> claimOn(Intent intent, Set<BoxId> boxes) {
    return intent.boxes().stream()
        .map(BoxClaim::box)
        .filter(boxes::contains)
        .findFirst()
        .map(box -> "box " + box);
  }

  /** Ends a transaction that has found a claim. */
  private static final class Claimed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient OperationId operation;
    private final String what;

    Claimed(OperationId operation, String what) {
      super(what, null, false, false);
      this.operation = operation;
      this.what = what;
    }
  }
}
