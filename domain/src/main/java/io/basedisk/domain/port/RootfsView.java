package io.basedisk.domain.port;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.RootfsEntry;
import java.util.Optional;

/** What a {@link StoreView} shows of the rootfs cache, beside its bases themselves. */
public interface RootfsView {

  /** Returns what the rootfs cache knows of a base; empty if nothing was recorded. */
  Optional<RootfsEntry> find(BaseDiskId base);
}
