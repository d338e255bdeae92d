package io.basedisk.domain.port;

import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.Relocation;
import io.basedisk.domain.model.UnknownUsePolicy;
import java.util.Optional;

/** What a {@link StoreView} shows of the home as a whole. */
public interface HomeView {

  /**
   * Returns which home this store belongs to; empty as long as none was recorded. It tells a store
   * that was put into another home, or is used by two.
   */
  Optional<HomeIdentity> findIdentity();

  /**
   * Returns the number of the last write transaction that was counted, 0 if none was. The number
   * never goes back: it tells an older copy of this store.
   */
  long writeNumber();

  /** Returns the relocation that is under way, or was interrupted. */
  Optional<Relocation> findRelocation();

  /**
   * Returns the policy for images of which the file system can't say whether they are in use; empty
   * if none was decided yet.
   */
  Optional<UnknownUsePolicy> findUnknownUsePolicy();
}
