package io.basedisk.app.wiring;

import dagger.Binds;
import dagger.Module;
import dagger.Provides;
import io.basedisk.domain.home.GuardedStore;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.protocol.OperationTimeout;
import javax.inject.Singleton;

/** Provides what an open home needs besides the ports. */
@Module
public interface HomeModule {

  @Binds
  @Singleton
  BaseDiskStore store(GuardedStore guarded);

  /** Not a binding: this opens the home's directory, or creates it. */
  @Provides
  @Singleton
  static HomeLayout home(HomeDirectory directory) {
    return directory.open();
  }

  @Provides
  static EventListener listener(Settings settings) {
    return settings.listener();
  }

  @Provides
  static OperationTimeout timeout(Settings settings) {
    return new OperationTimeout(settings.operationTimeout());
  }

  @Provides
  static UnknownUsePolicy unknownUsePolicy(UnknownUseDecision decision) {
    return decision.policy();
  }
}
