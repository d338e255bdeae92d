package io.basedisk.app.wiring;

import com.google.common.base.Suppliers;
import dagger.Module;
import dagger.Provides;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ForeignHomeReader;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OperationLocks;
import io.basedisk.domain.port.StampFile;
import io.basedisk.domain.port.Unguarded;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.inject.Provider;
import javax.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Provides each port: the replacement of the settings, or else the standard adapter, which is made
 * only then. The choice is made at run time, so no port is bound to a class.
 */
@Module(includes = {Qcow2Module.class, SqliteModule.class})
public interface PortsModule {

  @Provides
  @Singleton
  static DiskFiles files(Settings settings, @Standard Provider<DiskFiles> standard) {
    return choose(settings.files(), standard);
  }

  @Provides
  @Singleton
  static DiskImages images(Settings settings, @Standard Provider<DiskImages> standard) {
    return choose(settings.images(), standard);
  }

  @Provides
  @Unprotected
  static ImageTools tools(Settings settings, @Standard Provider<ImageTools> standard) {
    return choose(settings.imageTools(), standard);
  }

  @Provides
  @Singleton
  static OperationLocks operationLocks(
      Settings settings, @Standard Provider<OperationLocks> standard) {
    return choose(settings.locks(), standard);
  }

  @Provides
  @Singleton
  static ImageLocks imageLocks(Settings settings, @Standard Provider<ImageLocks> standard) {
    return choose(settings.imageLocks(), standard);
  }

  @Provides
  @Singleton
  static ForeignHomeReader foreignHomes(
      Settings settings, @Standard Provider<ForeignHomeReader> standard) {
    return choose(settings.foreignHomes(), standard);
  }

  @Provides
  @Singleton
  static StampFile stamp(Settings settings, @Standard Provider<StampFile> standard) {
    return choose(settings.stamp(), standard);
  }

  @Provides
  @Singleton
  @Unguarded
  static BaseDiskStore store(Settings settings, @Standard Provider<BaseDiskStore> standard) {
    return choose(settings.store(), standard);
  }

  @Provides
  @Singleton
  static InstantSource clock(Settings settings) {
    return choose(settings.clock(), InstantSource::system);
  }

  @Provides
  @Singleton
  static RandomGenerator random(Settings settings) {
    return choose(settings.random(), PortsModule::secureRandom);
  }

  private static <T> T choose(@Nullable T replacement, Provider<? extends T> standard) {
    return replacement != null ? replacement : standard.get();
  }

  /** {@return the system's secure source} It is created on its first use, since that takes time. */
  private static RandomGenerator secureRandom() {
    Supplier<SecureRandom> random = Suppliers.memoize(SecureRandom::new);
    return () -> random.get().nextLong();
  }
}
