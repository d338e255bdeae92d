package io.basedisk.domain.protocol;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.model.intent.ExportIntent;
import io.basedisk.domain.port.BaseDiskStore;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import javax.inject.Inject;

/**
 * Keeps bases from collection while they are exported. An export changes no file of the home, so an
 * interrupted one is settled by dropping its intent.
 */
public final class ExportProtocol implements Protocol<ExportIntent> {

  private final BaseDiskStore store;
  private final RandomGenerator random;
  private final InstantSource clock;

  @Inject
  ExportProtocol(BaseDiskStore store, RandomGenerator random, InstantSource clock) {
    this.store = store;
    this.random = random;
    this.clock = clock;
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
   * Drops the intent.
   *
   * @param intent the committed intent
   */
  public void finish(ExportIntent intent) {
    store.change(
        tx -> {
          // The base may be collect-pending, kept only by this intent.
          tx.pendingDeletes().insertCollectPending(intent.base());
          tx.intents().delete(intent.id());
        });
  }

  @Override
  public Settlement settle(ExportIntent intent) {
    finish(intent);
    return new Settlement.RolledBack();
  }
}
