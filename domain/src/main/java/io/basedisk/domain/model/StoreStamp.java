package io.basedisk.domain.model;

import com.google.common.base.Preconditions;

/**
 * The number of the last write transaction of a store, as a file outside of the store tells it. It
 * tells an older copy of a store from the current one.
 *
 * @param number 0 or more
 * @param isCommitted whether that transaction is known to be committed; if not, it was about to be
 */
public record StoreStamp(long number, boolean isCommitted) {

  public StoreStamp {
    Preconditions.checkArgument(number >= 0, "the number %s of a stamp is negative", number);
  }

  /**
   * Returns whether a store whose last write transaction has the number {@code stored} is older
   * than this stamp: another copy of it has committed more.
   *
   * <p>A pending stamp may be one ahead: its transaction did not commit. A stamp that is behind was
   * lost in a power cut, since it is never synced.
   */
  public boolean isAheadOf(long stored) {
    return number > (isCommitted ? stored : stored + 1);
  }
}
