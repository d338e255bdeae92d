package io.basedisk.app;

import dagger.BindsInstance;
import dagger.Component;
import io.basedisk.app.wiring.FilesModule;
import io.basedisk.app.wiring.UnopenedHomeModule;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import javax.inject.Singleton;

/** The object graph for work on a home whose store is lost or can't be opened. */
@Singleton
@Component(modules = UnopenedHomeModule.class)
interface UnopenedHomeComponent {

  /** {@return the graph with the standard access to files} Reads nothing yet. */
  static UnopenedHomeComponent of(Path home) {
    return of(home, FilesModule.local());
  }

  /** {@return the graph with another access to files} */
  static UnopenedHomeComponent of(Path home, DiskFiles files) {
    return DaggerUnopenedHomeComponent.factory().create(home, files);
  }

  /** {@return the access to files, which needs no home} */
  DiskFiles files();

  /**
   * {@return the rebuild of the store}
   *
   * @throws io.basedisk.domain.error.NotFoundException if the home's directory does not exist
   */
  HomeRebuild rebuild();

  /** Creates the component. */
  @Component.Factory
  interface Factory {
    UnopenedHomeComponent create(@BindsInstance Path home, @BindsInstance DiskFiles files);
  }
}
