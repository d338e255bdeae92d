package io.basedisk.app;

import dagger.BindsInstance;
import dagger.Component;
import javax.inject.Singleton;

/** The object graph of one open home. */
@Singleton
@Component(modules = PortsModule.class)
interface BaseDisksComponent {

  /** Returns the home, opened with everything that it needs on the first call. */
  BaseDisks baseDisks();

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
