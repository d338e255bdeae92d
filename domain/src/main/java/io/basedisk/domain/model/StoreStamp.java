package io.basedisk.domain.model;

import com.google.common.base.Preconditions;

/**
 * The number of a store's last write transaction, kept in a file outside the store. It reveals that
 * the store was replaced by an older copy.
 *
 * @param number number of the transaction, 0 or more
 * @param isCommitted whether the transaction is known to be committed; if not, it may be
 */
public record StoreStamp(long number, boolean isCommitted) {

  /**
   * Checks the values.
   *
   * @param number see {@link #number}
   * @param isCommitted see {@link #isCommitted}
   * @throws IllegalArgumentException if the values contradict each other or are out of range
   */
  public StoreStamp {
    Preconditions.checkArgument(number >= 0, "stamp number %s is negative", number);
  }

  /**
   * {@return whether a store is older than this stamp: another copy of the store has committed more
   * transactions}
   *
   * <p>An uncommitted stamp may be ahead by one, if its transaction failed. A stamp may be behind
   * after a power cut, because it is never synced.
   *
   * @param stored number of the store's last write transaction
   */
  public boolean isAheadOf(long stored) {
    return number > (isCommitted ? stored : stored + 1);
  }
}
