package io.basedisk.app;

import dagger.BindsInstance;
import dagger.Component;
import io.basedisk.app.wiring.FilesModule;
import io.basedisk.app.wiring.UnopenedHomeModule;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import javax.inject.Singleton;

/** The object graph of a home that is not open, since its store can't be opened or is lost. */
@Singleton
@Component(modules = UnopenedHomeModule.class)
interface UnopenedHomeComponent {

  /** Returns the graph over the standard access to files; nothing is read yet. */
  static UnopenedHomeComponent of(Path home) {
    return of(home, FilesModule.local());
  }

  /** Returns the graph over another access to files. */
  static UnopenedHomeComponent of(Path home, DiskFiles files) {
    return DaggerUnopenedHomeComponent.factory().create(home, files);
  }

  /** Returns the access to files, which needs no home. */
  DiskFiles files();

  /**
   * Returns the rebuild of the store.
   *
   * @throws io.basedisk.domain.error.NotFoundException if nothing is at the home's path
   */
  HomeRebuild rebuild();

  /** Makes the component. */
  @Component.Factory
  interface Factory {
    UnopenedHomeComponent create(@BindsInstance Path home, @BindsInstance DiskFiles files);
  }
}
