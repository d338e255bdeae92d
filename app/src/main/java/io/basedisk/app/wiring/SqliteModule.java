package io.basedisk.app.wiring;

import dagger.Binds;
import dagger.Module;
import dagger.Provides;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.ForeignHomeReader;
import io.basedisk.sqlite.BoxLiteHomeReader;
import io.basedisk.sqlite.SqliteBaseDiskStore;

/** Provides the standard store. */
@Module
public interface SqliteModule {

  /** The version of the standard store's schema. */
  int SCHEMA_VERSION = SqliteBaseDiskStore.SCHEMA_VERSION;

  @Binds
  @Standard
  ForeignHomeReader foreignHomes(BoxLiteHomeReader adapter);

  /** Not a binding: static factories open the database, for writing or read-only. */
  @Provides
  @Standard
  static BaseDiskStore store(StoreOpener opener) {
    return opener.open();
  }
}
