package io.basedisk.app;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import dagger.Lazy;
import dagger.Module;
import dagger.Provides;
import io.basedisk.app.jfr.FlightRecorderListener;
import io.basedisk.domain.UseCases;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.WhenLocksCantBeAsked;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.EventListeners;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.OperationLocks;
import io.basedisk.domain.port.Ports;
import io.basedisk.domain.port.StampFile;
import io.basedisk.domain.port.StoreView;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.file.FileImageLocks;
import io.basedisk.qcow2.file.FileOperationLocks;
import io.basedisk.qcow2.file.FileStampFile;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.sqlite.SqliteBaseDiskStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Gives each port its replacement, or else the standard adapter, which is made only then. */
@Module
interface PortsModule {

  @Provides
  @Singleton
  static OperatingSystem operatingSystem() {
    return OperatingSystem.current();
  }

  @Provides
  @Singleton
  static DiskFiles files(Settings settings, Lazy<OperatingSystem> system) {
    DiskFiles replacement = settings.files();
    return replacement != null ? replacement : new LocalDiskFiles(system.get());
  }

  @Provides
  @Singleton
  static HomeDirectory homeDirectory(Settings settings, DiskFiles files) {
    return new HomeDirectory(settings.home(), files);
  }

  @Provides
  @Singleton
  static HomeLayout home(HomeDirectory directory) {
    return directory.open();
  }

  @Provides
  @Singleton
  static BaseDiskStore store(
      Settings settings, HomeLayout home, DiskFiles files, OpenResources resources) {
    BaseDiskStore replacement = settings.store();
    return replacement != null ? replacement : openStore(home, files, resources);
  }

  private static BaseDiskStore openStore(
      HomeLayout home, DiskFiles files, OpenResources resources) {
    Path database = HomeDirectory.database(home);
    boolean isNew = files.status(database).isEmpty();
    BaseDiskStore store = resources.add(SqliteBaseDiskStore.open(database));
    if (isNew) {
      // The database makes its content durable, but its name is ours to keep.
      files.sync(home.db());
    }
    return store;
  }

  @Provides
  @Singleton
  static StampFile stamp(HomeLayout home, Lazy<OperatingSystem> system) {
    return new FileStampFile(system.get(), home.stampFile());
  }

  @Provides
  @Singleton
  static DiskImages images(Settings settings) {
    DiskImages replacement = settings.images();
    return replacement != null ? replacement : new Qcow2DiskImages();
  }

  @Provides
  @Singleton
  static OperationLocks locks(Settings settings, HomeLayout home, Lazy<OperatingSystem> system) {
    OperationLocks replacement = settings.locks();
    return replacement != null
        ? replacement
        : FileOperationLocks.open(system.get(), home.db().resolve("operations.lock"));
  }

  @Provides
  @Singleton
  static ImageLocks imageLocks(
      Settings settings, BaseDiskStore store, Lazy<OperatingSystem> system) {
    ImageLocks replacement = settings.imageLocks();
    return replacement != null
        ? replacement
        : new FileImageLocks(system.get(), decided(settings.whenLocksCantBeAsked(), store));
  }

  /** Returns what was decided, or is done as long as nothing is. */
  static WhenLocksCantBeAsked decided(StoreView view) {
    return view.whenLocksCantBeAsked().orElse(WhenLocksCantBeAsked.KEEP_EVERYTHING);
  }

  private static WhenLocksCantBeAsked decided(
      @Nullable WhenLocksCantBeAsked asked, BaseDiskStore store) {
    if (asked == null) {
      return store.read(PortsModule::decided);
    }
    Optional<WhenLocksCantBeAsked> made = store.read(StoreView::whenLocksCantBeAsked);
    if (!made.equals(Optional.of(asked))) {
      store.<Boolean>write(
          tx -> {
            tx.decideWhenLocksCantBeAsked(asked);
            return true;
          });
    }
    return asked;
  }

  @Provides
  @Singleton
  static Ports ports(
      Settings settings,
      HomeLayout home,
      BaseDiskStore store,
      StampFile stamp,
      DiskFiles files,
      DiskImages images,
      OperationLocks locks,
      ImageLocks imageLocks) {
    InstantSource clock = settings.clock();
    RandomGenerator random = settings.random();
    return new Ports(
        home,
        store,
        stamp,
        files,
        images,
        locks,
        imageLocks,
        listenersOf(settings),
        clock != null ? clock : InstantSource.system(),
        random != null ? random : secureRandom(),
        settings.patience());
  }

  /** Returns the system's source, which is only looked for by who needs it: that takes a while. */
  private static RandomGenerator secureRandom() {
    Supplier<SecureRandom> random = Suppliers.memoize(SecureRandom::new);
    return () -> random.get().nextLong();
  }

  private static EventListener listenersOf(Settings settings) {
    ImmutableList.Builder<EventListener> listeners = ImmutableList.builder();
    listeners.addAll(settings.listeners());
    FlightRecorderListener.ifAvailable().ifPresent(listeners::add);
    return new EventListeners(listeners.build(), LoggingListener::warnOf);
  }

  @Provides
  @Singleton
  static UseCases useCases(Ports ports) {
    return new UseCases(ports);
  }

  @Provides
  @Singleton
  static ManagedFiles managedFiles(Ports ports) {
    return new ManagedFiles(ports);
  }
}
