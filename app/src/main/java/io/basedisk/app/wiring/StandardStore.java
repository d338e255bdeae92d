package io.basedisk.app.wiring;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.OperationLocks;
import io.basedisk.domain.port.StampFile;
import io.basedisk.qcow2.file.FileOperationLocks;
import io.basedisk.sqlite.SqliteBaseDiskStore;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;

/** The standard store of a home that is not open: its files, its condition, and its successor. */
public final class StandardStore {

  /** Ends the name of the write-ahead log. */
  public static final String LOG = "-wal";

  private static final String MIGRATION_LOCK = "-migration-lock";

  /** What SQLite keeps beside a database, and what is of that database alone. */
  public static final ImmutableList<String> COMPANIONS = ImmutableList.of(LOG, "-shm", "-journal");

  private final HomeLayout home;
  private final DiskFiles files;
  private final StampFile stamp;
  private final Host host;

  @Inject
  StandardStore(HomeLayout home, DiskFiles files, StampFile stamp, Host host) {
    this.home = home;
    this.files = files;
    this.stamp = stamp;
    this.host = host;
  }

  /** Returns the database. */
  public Path database() {
    return HomePaths.database(home);
  }

  /** Returns what guards the making of a database, and stays behind. */
  public static Path migrationLock(Path database) {
    return database.resolveSibling(database.getFileName() + MIGRATION_LOCK);
  }

  /** Makes a new database, or opens one. */
  public BaseDiskStore open(Path database) {
    return SqliteBaseDiskStore.open(database);
  }

  /**
   * Looks at the database, which nothing in this process may have open.
   *
   * @throws io.basedisk.domain.error.StorageException if it can't be read for another reason than
   *     that it is damaged, or is of a newer version
   */
  public StoreCondition condition() {
    return StoreCondition.of(home, files, host.system(), stamp);
  }

  /** Takes the locks of all operations of the home; empty if one is under way. */
  public Optional<OperationLocks.Held> tryAcquireAll() {
    return FileOperationLocks.open(host.system(), home.operationsLock()).tryAcquireAll();
  }
}
