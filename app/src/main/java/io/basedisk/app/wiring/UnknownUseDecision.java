package io.basedisk.app.wiring;

import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.port.Unguarded;
import java.util.Optional;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * The home's decision what to do if the system can't say which process has a file open. It is
 * recorded once, for all users of the home.
 */
public final class UnknownUseDecision {

  private final @Nullable UnknownUsePolicy asked;
  private final BaseDiskStore store;

  @Inject
  UnknownUseDecision(Settings settings, @Unguarded BaseDiskStore store) {
    // Replaced image locks ignore the setting.
    this.asked = settings.imageLocks() == null ? settings.unknownUsePolicy() : null;
    this.store = store;
  }

  /**
   * {@return the policy of a home: the decided one, or the default}
   *
   * @param view the store of the home
   */
  public static UnknownUsePolicy of(StoreView view) {
    return view.home().findUnknownUsePolicy().orElse(UnknownUsePolicy.KEEP);
  }

  /**
   * {@return the policy of the home} Decides it if the settings have a policy and the home has no
   * decision.
   *
   * @throws io.basedisk.domain.error.RefusedException if the home has decided otherwise
   */
  UnknownUsePolicy policy() {
    if (asked == null) {
      return store.read(UnknownUseDecision::of);
    }
    Optional<UnknownUsePolicy> made = store.read(view -> view.home().findUnknownUsePolicy());
    if (!made.equals(Optional.of(asked))) {
      store.change(tx -> tx.home().decideUnknownUsePolicy(asked));
    }
    return asked;
  }
}
