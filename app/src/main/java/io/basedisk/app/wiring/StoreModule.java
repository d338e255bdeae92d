package io.basedisk.app.wiring;

import dagger.Module;
import dagger.Provides;
import io.basedisk.domain.error.NoSpaceException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.SpaceReserve;
import io.basedisk.domain.port.Unguarded;
import io.basedisk.sqlite.SqliteBaseDiskStore;
import java.nio.file.Path;
import javax.inject.Singleton;

/** Provides the store of a home. */
@Module
public abstract class StoreModule {

  private StoreModule() {}

  /** The version of the standard store's schema. */
  public static final int SCHEMA_VERSION = SqliteBaseDiskStore.SCHEMA_VERSION;

  @Provides
  @Singleton
  @Unguarded
  static BaseDiskStore store(
      Settings settings,
      HomeLayout home,
      DiskFiles files,
      SpaceReserve reserve,
      OpenResources resources) {
    BaseDiskStore replacement = settings.store();
    return replacement != null ? replacement : openStore(home, files, reserve, resources);
  }

  private static BaseDiskStore openStore(
      HomeLayout home, DiskFiles files, SpaceReserve reserve, OpenResources resources) {
    Path database = HomePaths.database(home);
    boolean isNew = files.status(database).isEmpty();
    BaseDiskStore store = resources.add(openStore(database, isNew, reserve));
    if (isNew) {
      // SQLite makes the content of a new database durable; this makes its name durable.
      files.sync(home.db());
    }
    return store;
  }

  private static BaseDiskStore openStore(Path database, boolean isNew, SpaceReserve reserve) {
    try {
      return SqliteBaseDiskStore.open(database);
    } catch (NoSpaceException full) {
      if (isNew) {
        throw full;
      }
      return openOnFullFileSystem(database, reserve);
    }
  }

  private static BaseDiskStore openOnFullFileSystem(Path database, SpaceReserve reserve) {
    try {
      return new StoreOnFullFileSystem(
          () -> SqliteBaseDiskStore.openForReading(database),
          () -> SqliteBaseDiskStore.open(database));
    } catch (StorageException cantBeRead) {
      // The write-ahead log has changes, and there is no space for a copy of the database. Opening
      // it for writing with the space of the reserve empties the log; then the reserve can be kept
      // again.
      reserve.giveUp();
      return SqliteBaseDiskStore.open(database);
    }
  }
}
