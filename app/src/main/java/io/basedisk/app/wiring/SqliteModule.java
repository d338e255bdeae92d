package io.basedisk.app.wiring;

import dagger.Module;
import dagger.Provides;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.sqlite.SqliteBaseDiskStore;

/** Provides the standard store. */
@Module(includes = ForeignHomesModule.class)
public interface SqliteModule {

  /** The version of the standard store's schema. */
  int SCHEMA_VERSION = SqliteBaseDiskStore.SCHEMA_VERSION;

  /** Not a binding: static factories open the database, for writing or read-only. */
  @Provides
  @Standard
  static BaseDiskStore store(StoreOpener opener) {
    return opener.open();
  }
}
