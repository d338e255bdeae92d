package io.basedisk.domain.port;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.RootfsEntry;

/** The rootfs cache in a {@link StoreTransaction}. */
public interface RootfsRecords extends RootfsView {

  /**
   * Records what the rootfs cache knows of a base, in place of anything else. It goes with the
   * base.
   *
   * @throws io.basedisk.domain.error.NotFoundException if there is no such base
   */
  void put(BaseDiskId base, RootfsEntry entry);

  /**
   * Takes its key from a rootfs, which is then collected when nothing needs it. The key is free at
   * once. No effect if it has none.
   *
   * @throws io.basedisk.domain.error.NotFoundException if there is no such base
   * @throws IllegalArgumentException if it is no rootfs
   */
  void supersede(BaseDiskId base);
}
