package io.basedisk.app.wiring;

import dagger.Lazy;
import dagger.Module;
import dagger.Provides;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.SpaceReserve;
import io.basedisk.domain.port.StampFile;
import io.basedisk.qcow2.file.FileSpaceReserve;
import io.basedisk.qcow2.file.FileStampFile;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.os.OperatingSystem;
import javax.inject.Singleton;

/** Provides the files of a home. */
@Module
public abstract class FilesModule {

  private FilesModule() {}

  @Provides
  @Singleton
  static DiskFiles files(Settings settings, Lazy<Host> host) {
    DiskFiles replacement = settings.files();
    return replacement != null ? replacement : new LocalDiskFiles(host.get().system());
  }

  /** {@return the standard access to files, independent of a home} */
  public static DiskFiles local() {
    return new LocalDiskFiles(OperatingSystem.current());
  }

  @Provides
  @Singleton
  static HomeDirectory directory(Settings settings, DiskFiles files) {
    return new HomeDirectory(settings.home(), settings.use(), settings.store() == null, files);
  }

  @Provides
  @Singleton
  static HomeLayout home(HomeDirectory directory) {
    return directory.open();
  }

  @Provides
  @Singleton
  static SpaceReserve reserve(HomeLayout home, Host host, OpenResources resources) {
    // Opened before the store, so that it is closed after the store.
    return resources.add(new FileSpaceReserve(host.system(), home.reserveFile()));
  }

  @Provides
  @Singleton
  static StampFile stamp(Settings settings, HomeLayout home, Lazy<Host> host) {
    StampFile replacement = settings.stamp();
    return replacement != null
        ? replacement
        : new FileStampFile(host.get().system(), home.stampFile());
  }
}
