package io.basedisk.app.wiring;

import dagger.Module;
import dagger.Provides;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.DiskFiles;
import javax.inject.Singleton;

/** Provides the layout of a home whose store is lost or can't be opened. */
@Module
public interface UnopenedHomeModule {

  /**
   * {@return the layout of the home by its real path}
   *
   * @throws io.basedisk.domain.error.NotFoundException if the directory does not exist
   */
  @Provides
  @Singleton
  static HomeLayout home(Settings settings, DiskFiles files) {
    return new HomeLayout(files.realPath(settings.home().toAbsolutePath()));
  }
}
