package io.basedisk.app.wiring;

import com.google.common.base.Suppliers;
import dagger.Binds;
import dagger.Module;
import dagger.Provides;
import io.basedisk.domain.home.GuardedStore;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.protocol.OperationTimeout;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.inject.Singleton;

/** Provides what the use cases of an open home need besides the adapters. */
@Module
public abstract class HomeModule {

  private HomeModule() {}

  @Binds
  @Singleton
  abstract BaseDiskStore store(GuardedStore guarded);

  @Provides
  static EventListener listener(Settings settings) {
    return settings.listener();
  }

  @Provides
  @Singleton
  static InstantSource clock(Settings settings) {
    InstantSource replacement = settings.clock();
    return replacement != null ? replacement : InstantSource.system();
  }

  @Provides
  @Singleton
  static RandomGenerator random(Settings settings) {
    RandomGenerator replacement = settings.random();
    return replacement != null ? replacement : secureRandom();
  }

  /** {@return the system's secure source} It is created on its first use, since that takes time. */
  static RandomGenerator secureRandom() {
    Supplier<SecureRandom> random = Suppliers.memoize(SecureRandom::new);
    return () -> random.get().nextLong();
  }

  @Provides
  static OperationTimeout timeout(Settings settings) {
    return new OperationTimeout(settings.operationTimeout());
  }
}
