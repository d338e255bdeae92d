package io.basedisk.app.wiring;

import dagger.Module;
import dagger.Provides;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.Qcow2ImageTools;
import io.basedisk.qcow2.os.OperatingSystem;
import javax.inject.Singleton;

/** Provides the access to images, and the tools for single image files. */
@Module
public abstract class ImagesModule {

  private ImagesModule() {}

  @Provides
  @Singleton
  static DiskImages images(Settings settings) {
    DiskImages replacement = settings.images();
    return replacement != null ? replacement : new Qcow2DiskImages();
  }

  @Provides
  @Unprotected
  static ImageTools tools(Settings settings, BaseDiskStore store) {
    ImageTools replacement = settings.imageTools();
    return replacement != null ? replacement : withoutHome(store.read(LocksModule::decided));
  }

  /**
   * {@return the standard tools, independent of a home}
   *
   * @param unknownUse what to do if the system can't say which process has an image open
   */
  public static ImageTools withoutHome(UnknownUsePolicy unknownUse) {
    return new Qcow2ImageTools(OperatingSystem.current(), unknownUse);
  }
}
