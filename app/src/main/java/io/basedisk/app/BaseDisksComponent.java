package io.basedisk.app;

import dagger.BindsInstance;
import dagger.Component;
import io.basedisk.app.wiring.FilesModule;
import io.basedisk.app.wiring.HomeDirectory;
import io.basedisk.app.wiring.HomeModule;
import io.basedisk.app.wiring.ImagesModule;
import io.basedisk.app.wiring.LocksModule;
import io.basedisk.app.wiring.OpenResources;
import io.basedisk.app.wiring.Settings;
import io.basedisk.app.wiring.StoreModule;
import io.basedisk.domain.protocol.HomeRecovery;
import javax.inject.Singleton;

/** The object graph of one open home. */
@Singleton
@Component(
    modules = {
      FilesModule.class,
      LocksModule.class,
      ImagesModule.class,
      StoreModule.class,
      HomeModule.class
    })
interface BaseDisksComponent {

  /** Returns the home, opened with everything that it needs on the first call. */
  BaseDisks baseDisks();

  /** Returns what settles what dead operations have left in the home. */
  HomeRecovery recovery();

  /** Returns the home, opened to be relocated. */
  RelocatableHome relocatableHome();

  /** Returns what was opened so far. */
  OpenResources resources();

  /** Returns the home's directory, as far as it was made so far. */
  HomeDirectory homeDirectory();

  @Component.Factory
  interface Factory {
    BaseDisksComponent create(@BindsInstance Settings settings);
  }
}
