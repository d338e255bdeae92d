package io.basedisk.app.wiring;

import dagger.Binds;
import dagger.Module;
import dagger.Provides;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OperationLocks;
import io.basedisk.domain.port.SpaceReserve;
import io.basedisk.domain.port.StampFile;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.Qcow2ImageTools;
import io.basedisk.qcow2.file.FileImageLocks;
import io.basedisk.qcow2.file.FileOperationLocks;
import io.basedisk.qcow2.file.FileSpaceReserve;
import io.basedisk.qcow2.file.FileStampFile;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.os.OperatingSystem;
import javax.inject.Singleton;

/** Binds the standard adapters for images, files and locks. */
@Module
public interface Qcow2Module {

  @Binds
  @Standard
  DiskFiles files(LocalDiskFiles adapter);

  @Binds
  @Standard
  DiskImages images(Qcow2DiskImages adapter);

  @Binds
  @Standard
  ImageTools tools(Qcow2ImageTools adapter);

  @Binds
  @Standard
  ImageLocks imageLocks(FileImageLocks adapter);

  @Binds
  @Standard
  OperationLocks operationLocks(FileOperationLocks adapter);

  @Binds
  @Standard
  StampFile stamp(FileStampFile adapter);

  /** Not a binding: the reserve is registered before the store opens, so it closes after it. */
  @Provides
  @Singleton
  static SpaceReserve reserve(FileSpaceReserve adapter, OpenResources resources) {
    return resources.add(adapter);
  }

  /** Not a binding: a static factory opens the lock file, and creates it if it is missing. */
  @Provides
  static FileOperationLocks openLocks(OperatingSystem system, HomeLayout home) {
    return FileOperationLocks.open(system, home.operationsLock());
  }

  /** Not a binding: a static factory detects the system and loads its calls. */
  @Provides
  @Singleton
  static OperatingSystem system() {
    return OperatingSystem.current();
  }
}
