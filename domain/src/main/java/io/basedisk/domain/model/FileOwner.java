package io.basedisk.domain.model;

import com.google.common.base.Preconditions;

/**
 * The owner and group of a file, as numeric ids.
 *
 * @param user user id, 0 or more
 * @param group group id, 0 or more
 */
public record FileOwner(int user, int group) {

  /**
   * Checks the values.
   *
   * @param user see {@link #user}
   * @param group see {@link #group}
   * @throws IllegalArgumentException if the values contradict each other or are out of range
   */
  public FileOwner {
    Preconditions.checkArgument(user >= 0 && group >= 0, "invalid owner %s:%s", user, group);
  }
}
