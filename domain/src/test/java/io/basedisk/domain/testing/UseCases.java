package io.basedisk.domain.testing;

import dagger.Binds;
import dagger.BindsInstance;
import dagger.Component;
import dagger.Module;
import dagger.Provides;
import io.basedisk.domain.adopt.Adoption;
import io.basedisk.domain.adopt.HomeAdoption;
import io.basedisk.domain.base.BaseDiskManager;
import io.basedisk.domain.box.Boxes;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.clone.Clones;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.compact.Compactions;
import io.basedisk.domain.doctor.Doctor;
import io.basedisk.domain.home.GuardedStore;
import io.basedisk.domain.home.HomeGate;
import io.basedisk.domain.home.HomeRelocation;
import io.basedisk.domain.lineage.Lineage;
import io.basedisk.domain.log.HomeLog;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.EventListeners;
import io.basedisk.domain.port.ForeignHomeReader;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.OperationLocks;
import io.basedisk.domain.port.SpaceReserve;
import io.basedisk.domain.port.StampFile;
import io.basedisk.domain.port.Unguarded;
import io.basedisk.domain.protocol.HomeOpening;
import io.basedisk.domain.protocol.OperationTimeout;
import io.basedisk.domain.rootfs.RootfsCache;
import io.basedisk.domain.snapshot.Snapshots;
import io.basedisk.domain.space.Space;
import io.basedisk.domain.transfer.Transfers;
import io.basedisk.domain.which.RecordedFiles;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import javax.inject.Singleton;

/**
 * The tests' Dagger component: all use cases over the ports that a test binds, built as in
 * production. Safe for many threads.
 */
@Singleton
@Component(modules = UseCases.PortsModule.class)
public interface UseCases {

  /** Returns the use cases over some ports, without a reserve; nothing is read or changed yet. */
  static UseCases over(BoundPorts ports) {
    return over(ports, SpaceReserve.NONE);
  }

  /** Returns the use cases over some ports and a reserve; nothing is read or changed yet. */
  static UseCases over(BoundPorts ports, SpaceReserve reserve) {
    return DaggerUseCases.factory().create(ports, reserve);
  }

  /** Does what happens when a home is opened. */
  default void recover() {
    opening().run();
  }

  HomeOpening opening();

  HomeGate gate();

  HomeRelocation relocation();

  BackingChains chains();

  BaseDiskManager bases();

  Adoption adoption();

  HomeAdoption homeAdoption();

  Boxes boxes();

  Snapshots snapshots();

  Clones clones();

  RootfsCache rootfs();

  Compactions compactions();

  GarbageCollection garbageCollection();

  Lineage lineage();

  RecordedFiles recordedFiles();

  Space space();

  HomeLog log();

  Doctor doctor();

  Transfers transfers();

  /** Makes the component. */
  @Component.Factory
  interface Factory {
    UseCases create(@BindsInstance BoundPorts ports, @BindsInstance SpaceReserve reserve);
  }

  /** Provides each of the bound ports, so that no class is given all of them. */
  @Module
  interface PortsModule {

    @Provides
    static HomeLayout home(BoundPorts ports) {
      return ports.home();
    }

    @Provides
    @Unguarded
    static BaseDiskStore store(BoundPorts ports) {
      return ports.store();
    }

    @Binds
    BaseDiskStore guarded(GuardedStore store);

    @Provides
    static StampFile stamp(BoundPorts ports) {
      return ports.stamp();
    }

    @Provides
    static DiskFiles files(BoundPorts ports) {
      return ports.files();
    }

    @Provides
    static DiskImages images(BoundPorts ports) {
      return ports.images();
    }

    @Provides
    static OperationLocks locks(BoundPorts ports) {
      return ports.locks();
    }

    @Provides
    static ForeignHomeReader foreignHomes(DiskFiles files) {
      return new FakeForeignHomes(files);
    }

    @Provides
    static ImageLocks imageLocks(BoundPorts ports) {
      return ports.imageLocks();
    }

    @Provides
    static EventListener listener(BoundPorts ports) {
      return EventListeners.contain(ports.listener());
    }

    @Provides
    static InstantSource clock(BoundPorts ports) {
      return ports.clock();
    }

    @Provides
    static RandomGenerator random(BoundPorts ports) {
      return ports.random();
    }

    @Provides
    static OperationTimeout timeout(BoundPorts ports) {
      return new OperationTimeout(ports.timeout());
    }
  }
}
