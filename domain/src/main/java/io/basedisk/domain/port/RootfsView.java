package io.basedisk.domain.port;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.RootfsEntry;
import java.util.Optional;

/** The rootfs cache in a {@link StoreView}. Its bases are in {@link BaseView}. */
public interface RootfsView {

  /**
   * {@return the rootfs entry of a base; empty if none was recorded}
   *
   * @param base id of the base
   */
  Optional<RootfsEntry> find(BaseDiskId base);
}
