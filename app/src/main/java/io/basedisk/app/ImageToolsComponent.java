package io.basedisk.app;

import dagger.BindsInstance;
import dagger.Component;
import io.basedisk.app.wiring.ForeignHomesModule;
import io.basedisk.app.wiring.Qcow2Module;
import io.basedisk.app.wiring.Standard;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ForeignHomeReader;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.ImageTools;
import javax.inject.Singleton;

/** The object graph of the standard adapters that need no home. */
@Singleton
@Component(modules = {Qcow2Module.class, ForeignHomesModule.class})
interface ImageToolsComponent {

  /** {@return the tools} */
  @Standard
  ImageTools tools();

  /** {@return the access to files} */
  @Standard
  DiskFiles files();

  /** {@return the access to disk images} */
  @Standard
  DiskImages images();

  /** {@return the image locks} */
  @Standard
  ImageLocks imageLocks();

  /** {@return the reader of other programs' homes} */
  @Standard
  ForeignHomeReader foreignHomes();

  /** Creates the component. */
  @Component.Factory
  interface Factory {
    ImageToolsComponent create(@BindsInstance UnknownUsePolicy unknownUse);
  }
}
