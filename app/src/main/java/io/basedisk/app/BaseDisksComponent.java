package io.basedisk.app;

import dagger.BindsInstance;
import dagger.Component;
import io.basedisk.app.wiring.HomeDirectory;
import io.basedisk.app.wiring.HomeModule;
import io.basedisk.app.wiring.OpenResources;
import io.basedisk.app.wiring.PortsModule;
import io.basedisk.app.wiring.Settings;
import io.basedisk.domain.protocol.HomeOpening;
import javax.inject.Singleton;

/** The object graph of one open home. */
@Singleton
@Component(modules = {PortsModule.class, HomeModule.class})
interface BaseDisksComponent {

  /** {@return the home} The first call opens it and all its resources. */
  BaseDisks baseDisks();

  /** {@return the steps of opening, which settle operations whose processes died} */
  HomeOpening opening();

  /** {@return the home for a relocation} */
  RelocatableHome relocatableHome();

  /** {@return the resources that are open so far} */
  OpenResources resources();

  /** {@return the home's directory} */
  HomeDirectory homeDirectory();

  @Component.Factory
  interface Factory {
    BaseDisksComponent create(@BindsInstance Settings settings);
  }
}
