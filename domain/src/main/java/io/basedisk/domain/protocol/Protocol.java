package io.basedisk.domain.protocol;

import io.basedisk.domain.model.Intent;

/**
 * The crash protocol of one operation. Each protocol also plans its operation, as an intent of type
 * {@code I}, and takes the steps from the committed intent to the operation's end.
 */
public interface Protocol<I extends Intent> {

  /** Returns the type of the intents that this protocol settles. */
  Class<I> intentType();

  /**
   * Rolls an operation that stopped at any step back or forward, as its files say, and drops its
   * intent. If the files allow no verdict, nothing changes. The caller holds the operation's lock.
   * This method may itself stop at any step, and is then called again.
   */
  Settlement settle(I intent);
}
