package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Hold;

/** The holds in a {@link StoreView}. A hold keeps a base until a user releases it. */
public interface HoldView {

  /** {@return every hold, ordered by base, then by reason, then by path} */
  ImmutableList<Hold> list();

  /**
   * {@return the holds on a base, ordered by reason, then by path}
   *
   * @param base id of the base
   */
  ImmutableList<Hold> listOn(BaseDiskId base);
}
