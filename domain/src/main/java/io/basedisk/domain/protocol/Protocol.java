package io.basedisk.domain.protocol;

import io.basedisk.domain.model.intent.Intent;

/**
 * The crash protocol of one operation: settles an interrupted operation. The implementations also
 * plan the operation, as an intent of type {@code I}, and perform the steps after the intent is
 * committed.
 *
 * @param <I> the type of the operation's intents
 */
public interface Protocol<I extends Intent> {

  /** {@return the type of the intents that this protocol settles} */
  Class<I> intentType();

  /**
   * Rolls an interrupted operation back or forward, as its files say, and drops its intent. If the
   * files allow no verdict, nothing changes. The caller holds the operation's lock. This method may
   * be interrupted at any step too, and is then called again.
   *
   * @param intent the intent of the interrupted operation
   * @return what happened
   */
  Settlement settle(I intent);
}
