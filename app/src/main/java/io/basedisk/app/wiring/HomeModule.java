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

/** What the use cases of an open home need besides the adapters. */
@Module
public interface HomeModule {

  @Binds
  @Singleton
  BaseDiskStore store(GuardedStore guarded);

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

  /** Returns the system's source, which is looked for on its first use: that takes a while. */
  static RandomGenerator secureRandom() {
    Supplier<SecureRandom> random = Suppliers.memoize(SecureRandom::new);
    return () -> random.get().nextLong();
  }

  @Provides
  static OperationTimeout timeout(Settings settings) {
    return new OperationTimeout(settings.patience());
  }
}
