package io.basedisk.app.wiring;

import io.basedisk.domain.error.NoSpaceException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.SpaceReserve;
import io.basedisk.sqlite.SqliteBaseDiskStore;
import java.nio.file.Path;
import javax.inject.Inject;

/** Opens the standard store of a home, also on a full file system. */
final class StoreOpener {

  private final Path database;
  private final HomeLayout home;
  private final DiskFiles files;
  private final SpaceReserve reserve;
  private final OpenResources resources;

  @Inject
  StoreOpener(HomeLayout home, DiskFiles files, SpaceReserve reserve, OpenResources resources) {
    this.database = HomePaths.database(home);
    this.home = home;
    this.files = files;
    this.reserve = reserve;
    this.resources = resources;
  }

  /**
   * Opens the store. Creates the database if it does not exist.
   *
   * @return the store, which is closed with the home's other resources
   * @throws StorageException if the database can't be opened
   */
  BaseDiskStore open() {
    boolean isNew = files.status(database).isEmpty();
    BaseDiskStore store = resources.add(isNew ? openForWriting() : openExisting());
    if (isNew) {
      // SQLite makes the content of a new database durable; this makes its name durable.
      files.sync(home.db());
    }
    return store;
  }

  private BaseDiskStore openForWriting() {
    return SqliteBaseDiskStore.open(database);
  }

  private BaseDiskStore openExisting() {
    try {
      return openForWriting();
    } catch (NoSpaceException full) {
      return openOnFullFileSystem();
    }
  }

  private BaseDiskStore openOnFullFileSystem() {
    try {
      return new StoreOnFullFileSystem(
          () -> SqliteBaseDiskStore.openForReading(database), this::openForWriting);
    } catch (StorageException cantBeRead) {
      // The write-ahead log has changes, and there is no space for a copy of the database. Opening
      // it for writing with the space of the reserve empties the log; then the reserve can be kept
      // again.
      reserve.giveUp();
      return openForWriting();
    }
  }
}
