package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.DeletingBase;

/**
 * The pending deletes of a {@link StoreView}: the two states of a base on its way out.
 *
 * <p>A <em>collect-pending</em> base is recorded as ever. It waits for the garbage collector, which
 * finds out whether anything needs it. A <em>deleting</em> base is not recorded as a base any more,
 * and its file is about to be deleted.
 */
public interface PendingDeleteView {

  /** Returns the bases that wait to be collected, ordered by id. */
  ImmutableList<BaseDiskId> listCollectPending();

  /** Returns the deleting bases, ordered by id. */
  ImmutableList<DeletingBase> list();

  /** Returns the deleting bases whose parent was {@code parent}, ordered by id. */
  ImmutableList<DeletingBase> listChildren(BaseDiskId parent);
}
