package io.basedisk.app.wiring;

import dagger.Lazy;
import dagger.Module;
import dagger.Provides;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.OperationLocks;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.port.Unguarded;
import io.basedisk.qcow2.file.FileImageLocks;
import io.basedisk.qcow2.file.FileOperationLocks;
import java.util.Optional;
import javax.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Provides the operation locks and the image locks. */
@Module
public abstract class LocksModule {

  private LocksModule() {}

  @Provides
  @Singleton
  static OperationLocks operationLocks(Settings settings, HomeLayout home, Lazy<Host> host) {
    OperationLocks replacement = settings.locks();
    return replacement != null
        ? replacement
        : FileOperationLocks.open(host.get().system(), home.operationsLock());
  }

  @Provides
  @Singleton
  static ImageLocks imageLocks(Settings settings, @Unguarded BaseDiskStore store, Lazy<Host> host) {
    ImageLocks replacement = settings.imageLocks();
    return replacement != null
        ? replacement
        : new FileImageLocks(host.get().system(), decided(settings.unknownUsePolicy(), store));
  }

  /**
   * {@return the policy of a home: the decided one, or the default}
   *
   * @param view the store of the home
   */
  public static UnknownUsePolicy decided(StoreView view) {
    return view.home().findUnknownUsePolicy().orElse(UnknownUsePolicy.KEEP);
  }

  private static UnknownUsePolicy decided(@Nullable UnknownUsePolicy asked, BaseDiskStore store) {
    if (asked == null) {
      return store.read(LocksModule::decided);
    }
    Optional<UnknownUsePolicy> made = store.read(view -> view.home().findUnknownUsePolicy());
    if (!made.equals(Optional.of(asked))) {
      store.change(tx -> tx.home().decideUnknownUsePolicy(asked));
    }
    return asked;
  }
}
