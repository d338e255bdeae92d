package io.basedisk.app.wiring;

import dagger.Module;
import dagger.Provides;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.StampFile;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.file.FileStampFile;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import javax.inject.Singleton;

/** Provides the standard adapters for a home whose store is lost or can't be opened. */
@Module
public abstract class UnopenedHomeModule {

  private UnopenedHomeModule() {}

  /**
   * {@return the layout of the home by its real path}
   *
   * @throws io.basedisk.domain.error.NotFoundException if the directory does not exist
   */
  @Provides
  @Singleton
  static HomeLayout home(Path home, DiskFiles files) {
    return new HomeLayout(files.realPath(home.toAbsolutePath()));
  }

  @Provides
  static StampFile stamp(HomeLayout home, Host host) {
    return new FileStampFile(host.system(), home.stampFile());
  }

  @Provides
  static DiskImages images() {
    return new Qcow2DiskImages();
  }

  @Provides
  static InstantSource clock() {
    return InstantSource.system();
  }

  @Provides
  static RandomGenerator random() {
    return HomeModule.secureRandom();
  }
}
