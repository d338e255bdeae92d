package io.basedisk.app.wiring;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.OperationLocks;
import io.basedisk.domain.port.StampFile;
import io.basedisk.qcow2.file.FileOperationLocks;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.sqlite.SqliteBaseDiskStore;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;
import javax.inject.Provider;

/**
 * The database of a home that is not open, in which the standard store keeps its records: its
 * files, its condition, and the creation of a new one.
 */
public final class HomeDatabase {

  /** Suffix of the write-ahead log. */
  public static final String LOG = "-wal";

  private static final String MIGRATION_LOCK = "-migration-lock";

  /** Suffixes of the files that SQLite keeps beside a database. */
  public static final ImmutableList<String> COMPANIONS = ImmutableList.of(LOG, "-shm", "-journal");

  private final HomeLayout home;
  private final DiskFiles files;
  private final StampFile stamp;
  private final OperatingSystem system;
  private final Provider<FileOperationLocks> locks;

  @Inject
  HomeDatabase(
      HomeLayout home,
      DiskFiles files,
      StampFile stamp,
      OperatingSystem system,
      Provider<FileOperationLocks> locks) {
    this.home = home;
    this.files = files;
    this.stamp = stamp;
    this.system = system;
    this.locks = locks;
  }

  /** {@return the path of the database} */
  public Path database() {
    return HomePaths.database(home);
  }

  /**
   * {@return the path of a database's migration lock, which stays after the database is closed}
   *
   * @param database path of the database
   */
  public static Path migrationLock(Path database) {
    return database.resolveSibling(database.getFileName() + MIGRATION_LOCK);
  }

  /**
   * Opens a database. Creates it if it does not exist.
   *
   * @param database path of the database
   * @return the open store, for the caller to close
   */
  public BaseDiskStore open(Path database) {
    return SqliteBaseDiskStore.open(database);
  }

  /**
   * {@return the condition of the database, which must not be open in this process}
   *
   * @throws io.basedisk.domain.error.StorageException if the database has a newer version, or can't
   *     be read although it is not damaged
   */
  public StoreCondition condition() {
    return StoreCondition.of(home, files, system, stamp);
  }

  /**
   * Takes the locks of all operations of the home; empty if an operation is running.
   *
   * @return the locks, for the caller to close; empty if an operation is running
   */
  public Optional<OperationLocks.Held> tryAcquireAll() {
    return locks.get().tryAcquireAll();
  }
}
