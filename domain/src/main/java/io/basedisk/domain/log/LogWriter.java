package io.basedisk.domain.log;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.Cause;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.model.intent.PlannedBase;
import io.basedisk.domain.port.StoreTransaction;
import java.time.InstantSource;
import java.util.List;
import javax.inject.Inject;

/** Appends to the log, in the transaction that makes the change. Thread-safe. */
public final class LogWriter {

  private final InstantSource clock;

  /**
   * Creates a writer.
   *
   * @param clock the time of the entries
   */
  @Inject
  public LogWriter(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * {@return the operation of an intent, as the cause of a change}
   *
   * @param intent the intent
   */
  public static Cause causeOf(Intent intent) {
    return new Cause(intent.operation(), intent.id());
  }

  /**
   * Appends one entry.
   *
   * @param tx the transaction that makes the change
   * @param change the change
   */
  public void append(StoreTransaction tx, LoggedChange change) {
    append(tx, ImmutableList.of(change));
  }

  /**
   * Appends entries.
   *
   * @param tx the transaction that makes the changes
   * @param changes the changes, in their order
   */
  public void append(StoreTransaction tx, List<LoggedChange> changes) {
    if (!changes.isEmpty()) {
      tx.log().append(RecordTimes.now(clock), changes);
    }
  }

  /**
   * Appends a change of an operation, with the boxes of its intent.
   *
   * @param tx the transaction that makes the change
   * @param intent the intent of the operation
   * @param change the change
   */
  public void append(StoreTransaction tx, Intent intent, LoggedChange change) {
    append(
        tx,
        change
            .causedBy(causeOf(intent))
            .onEach(
                intent.boxes().stream()
                    .map(BoxClaim::box)
                    .collect(ImmutableList.toImmutableList())));
  }

  /**
   * Appends the end of an operation that made nothing: its boxes and its planned base.
   *
   * @param tx the transaction that drops the intent
   * @param intent the intent of the operation
   * @param event how the operation ended
   */
  public void append(StoreTransaction tx, Intent intent, LogEvent event) {
    PlannedBase planned = intent.plannedBase().orElse(null);
    append(
        tx,
        intent,
        planned == null
            ? LoggedChange.of(event)
            : new LoggedChange(
                event,
                null,
                ImmutableList.of(),
                planned.id(),
                planned.name() == null ? null : planned.name().value(),
                null));
  }
}
