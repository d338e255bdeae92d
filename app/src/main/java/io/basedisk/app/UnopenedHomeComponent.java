package io.basedisk.app;

import dagger.BindsInstance;
import dagger.Component;
import io.basedisk.app.wiring.PortsModule;
import io.basedisk.app.wiring.Settings;
import io.basedisk.app.wiring.UnopenedHomeModule;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import javax.inject.Singleton;

/** The object graph for work on a home whose store is lost or can't be opened. */
@Singleton
@Component(modules = {PortsModule.class, UnopenedHomeModule.class})
interface UnopenedHomeComponent {

  /** {@return the graph with the standard access to files} Reads nothing yet. */
  static UnopenedHomeComponent of(Path home) {
    return of(Settings.ofUnopened(home, null));
  }

  /** {@return the graph with another access to files} */
  static UnopenedHomeComponent of(Path home, DiskFiles files) {
    return of(Settings.ofUnopened(home, files));
  }

  private static UnopenedHomeComponent of(Settings settings) {
    return DaggerUnopenedHomeComponent.factory().create(settings);
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
    UnopenedHomeComponent create(@BindsInstance Settings settings);
  }
}
