package io.basedisk.domain.protocol;

import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.intent.ExportIntent;
import io.basedisk.domain.port.BaseDiskStore;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Keeps bases from collection while they are exported. An export changes no file of the home, so an
 * interrupted one is settled by dropping its intent.
 */
public final class ExportProtocol implements Protocol<ExportIntent> {

  private final BaseDiskStore store;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final LogWriter log;

  @Inject
  ExportProtocol(BaseDiskStore store, RandomGenerator random, InstantSource clock, LogWriter log) {
    this.store = store;
    this.random = random;
    this.clock = clock;
    this.log = log;
  }

  @Override
  public Class<ExportIntent> intentType() {
    return ExportIntent.class;
  }

  /**
   * Plans the export of a base and of those below it.
   *
   * @param base the base
   * @return the intent
   */
  public ExportIntent plan(BaseDiskId base) {
    return new ExportIntent(OperationId.mint(random), base, RecordTimes.now(clock));
  }

  /**
   * Ends a complete export.
   *
   * @param intent the committed intent
   * @param box the exported box
   * @param snapshot the exported snapshot of it; null for its present state
   */
  public void finish(ExportIntent intent, BoxId box, @Nullable SnapshotName snapshot) {
    drop(intent, LoggedChange.of(LogEvent.EXPORTED).on(box).named(snapshot));
  }

  @Override
  public Settlement settle(ExportIntent intent) {
    drop(intent, LoggedChange.of(LogEvent.ROLLED_BACK));
    return new Settlement.RolledBack();
  }

  private void drop(ExportIntent intent, LoggedChange change) {
    store.change(
        tx -> {
          // The base may be collect-pending, kept only by this intent.
          tx.pendingDeletes().insertCollectPending(intent.base());
          log.append(tx, change.onBase(intent.base()).causedBy(LogWriter.causeOf(intent)));
          tx.intents().delete(intent.id());
        });
  }
}
