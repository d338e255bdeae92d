package io.basedisk.domain.model;

import com.google.common.base.Preconditions;

/**
 * Who a file is given to, by numeric ids.
 *
 * @param user the user id, 0 or more
 * @param group the group id, 0 or more
 */
public record FileOwner(int user, int group) {

  public FileOwner {
    Preconditions.checkArgument(user >= 0 && group >= 0, "no owner %s:%s", user, group);
  }
}
