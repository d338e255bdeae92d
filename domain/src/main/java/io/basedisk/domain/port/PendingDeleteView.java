package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.DeletingBase;

/**
 * The pending deletes in a {@link StoreView}. There are two kinds.
 *
 * <p>A <em>collect-pending</em> base is still recorded as a base. The garbage collector must find
 * out whether it is needed. A <em>deleting</em> base is no longer recorded as a base, and its file
 * must be deleted.
 */
public interface PendingDeleteView {

  /** {@return the collect-pending bases, ordered by id} */
  ImmutableList<BaseDiskId> listCollectPending();

  /** {@return the deleting bases, ordered by id} */
  ImmutableList<DeletingBase> list();

  /**
   * {@return the deleting bases with a parent, ordered by id}
   *
   * @param parent id of the parent
   */
  ImmutableList<DeletingBase> listChildren(BaseDiskId parent);
}
