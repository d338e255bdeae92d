package io.basedisk.domain.port;

import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.Relocation;
import io.basedisk.domain.model.UnknownUsePolicy;
import java.util.Optional;

/** The home as a whole in a {@link StoreView}. */
public interface HomeView {

  /**
   * {@return the identity of the home that this store belongs to; empty if none was recorded} It
   * reveals a store that was moved to another home or is used by two homes.
   */
  Optional<HomeIdentity> findIdentity();

  /**
   * {@return the number of the last counted write transaction; 0 if none was counted} It never
   * decreases, so a lower number reveals an older copy of this store.
   */
  long writeNumber();

  /** {@return the relocation that is under way, or was interrupted} */
  Optional<Relocation> findRelocation();

  /**
   * {@return what operations do when the file system can't say whether an image is in use; empty if
   * this was not decided yet}
   */
  Optional<UnknownUsePolicy> findUnknownUsePolicy();
}
