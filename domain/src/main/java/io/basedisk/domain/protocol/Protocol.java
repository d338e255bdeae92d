package io.basedisk.domain.protocol;

import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.Operation;

/** The crash protocol of one kind of operation, as far as all kinds have it in common. */
public interface Protocol {

  /** Returns the operation whose intents this protocol settles. */
  Operation operation();

  /**
   * Undoes or completes an operation that stopped somewhere, by what its files say, and drops its
   * intent, unless the files allow no verdict. The caller holds the operation's lock. It may stop
   * anywhere too, and is then called again.
   */
  Settlement settle(Intent intent);
}
