package io.basedisk.app;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import dagger.Lazy;
import dagger.Module;
import dagger.Provides;
import io.basedisk.app.jfr.FlightRecorderListener;
import io.basedisk.domain.UseCases;
import io.basedisk.domain.error.NoSpaceException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.EventListeners;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OperationLocks;
import io.basedisk.domain.port.Ports;
import io.basedisk.domain.port.SpaceReserve;
import io.basedisk.domain.port.StampFile;
import io.basedisk.domain.port.StoreView;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.Qcow2ImageTools;
import io.basedisk.qcow2.file.FileImageLocks;
import io.basedisk.qcow2.file.FileOperationLocks;
import io.basedisk.qcow2.file.FileSpaceReserve;
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
    return new HomeDirectory(settings.home(), settings.use(), settings.store() == null, files);
  }

  @Provides
  @Singleton
  static HomeLayout home(HomeDirectory directory) {
    return directory.open();
  }

  @Provides
  @Singleton
  static BaseDiskStore store(
      Settings settings,
      HomeLayout home,
      DiskFiles files,
      SpaceReserve reserve,
      OpenResources resources) {
    BaseDiskStore replacement = settings.store();
    return replacement != null ? replacement : openStore(home, files, reserve, resources);
  }

  private static BaseDiskStore openStore(
      HomeLayout home, DiskFiles files, SpaceReserve reserve, OpenResources resources) {
    Path database = HomePaths.database(home);
    boolean isNew = files.status(database).isEmpty();
    BaseDiskStore store = resources.add(openStore(database, isNew, reserve));
    if (isNew) {
      // The database makes its content durable, but its name is ours to keep.
      files.sync(home.db());
    }
    return store;
  }

  private static BaseDiskStore openStore(Path database, boolean isNew, SpaceReserve reserve) {
    try {
      return SqliteBaseDiskStore.open(database);
    } catch (NoSpaceException full) {
      if (isNew) {
        throw full;
      }
      return openOnFullFileSystem(database, reserve);
    }
  }

  private static BaseDiskStore openOnFullFileSystem(Path database, SpaceReserve reserve) {
    try {
      return new StoreOnFullFileSystem(
          () -> SqliteBaseDiskStore.openForReading(database),
          () -> SqliteBaseDiskStore.open(database));
    } catch (StorageException cantBeRead) {
      // A part of it is in the write-ahead log, and there is no space for a copy of it either. Once
      // it was open, the log is gone, and the reserve can be kept again.
      reserve.giveUp();
      return SqliteBaseDiskStore.open(database);
    }
  }

  @Provides
  @Singleton
  static SpaceReserve reserve(HomeLayout home, OperatingSystem system, OpenResources resources) {
    // Before the store, so that it is closed after it.
    return resources.add(new FileSpaceReserve(system, home.reserveFile()));
  }

  @Provides
  @Singleton
  static StampFile stamp(Settings settings, HomeLayout home, Lazy<OperatingSystem> system) {
    StampFile replacement = settings.stamp();
    return replacement != null ? replacement : new FileStampFile(system.get(), home.stampFile());
  }

  @Provides
  @Singleton
  static DiskImages images(Settings settings) {
    DiskImages replacement = settings.images();
    return replacement != null ? replacement : new Qcow2DiskImages();
  }

  @Provides
  @Singleton
  static ImageTools imageTools(
      Settings settings, BaseDiskStore store, ManagedFiles managedFiles, Ports ports) {
    ImageTools replacement = settings.imageTools();
    return new HomeImageTools(
        replacement != null ? replacement : imageTools(store.read(PortsModule::decided)),
        managedFiles,
        ports);
  }

  /** Returns the standard tools, which know no home. */
  static ImageTools imageTools(UnknownUsePolicy unknownUse) {
    return new Qcow2ImageTools(OperatingSystem.current(), unknownUse);
  }

  @Provides
  @Singleton
  static OperationLocks locks(Settings settings, HomeLayout home, Lazy<OperatingSystem> system) {
    OperationLocks replacement = settings.locks();
    return replacement != null
        ? replacement
        : FileOperationLocks.open(system.get(), home.operationsLock());
  }

  @Provides
  @Singleton
  static ImageLocks imageLocks(
      Settings settings, BaseDiskStore store, Lazy<OperatingSystem> system) {
    ImageLocks replacement = settings.imageLocks();
    return replacement != null
        ? replacement
        : new FileImageLocks(system.get(), decided(settings.unknownUsePolicy(), store));
  }

  /** Returns what was decided, or is done as long as nothing is. */
  static UnknownUsePolicy decided(StoreView view) {
    return view.home().findUnknownUsePolicy().orElse(UnknownUsePolicy.KEEP);
  }

  private static UnknownUsePolicy decided(@Nullable UnknownUsePolicy asked, BaseDiskStore store) {
    if (asked == null) {
      return store.read(PortsModule::decided);
    }
    Optional<UnknownUsePolicy> made = store.read(view -> view.home().findUnknownUsePolicy());
    if (!made.equals(Optional.of(asked))) {
      store.change(tx -> tx.home().decideUnknownUsePolicy(asked));
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
  static UseCases useCases(Ports ports, SpaceReserve reserve) {
    return new UseCases(ports, reserve);
  }

  @Provides
  @Singleton
  static ManagedFiles managedFiles(Ports ports) {
    return new ManagedFiles(ports);
  }
}
