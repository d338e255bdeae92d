package io.basedisk.domain.port;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.RootfsEntry;

/** Changes to the rootfs cache, in a {@link StoreTransaction}. */
public interface RootfsRecords extends RootfsView {

  /**
   * Records the rootfs entry of a base and replaces an older one. Deleted with the base.
   *
   * @param base id of the base
   * @param entry the entry
   * @throws io.basedisk.domain.error.NotFoundException if the base does not exist
   */
  void put(BaseDiskId base, RootfsEntry entry);

  /**
   * Removes the key of a rootfs, so that it is collected when it is not needed. The key is free at
   * once. No effect if the rootfs has no key.
   *
   * @param base id of the base
   * @throws io.basedisk.domain.error.NotFoundException if the base does not exist
   * @throws IllegalArgumentException if the base is not a rootfs
   */
  void supersede(BaseDiskId base);
}
