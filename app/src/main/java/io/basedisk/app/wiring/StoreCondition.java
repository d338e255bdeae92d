package io.basedisk.app.wiring;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.home.IdentityFile;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.StoreStamp;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.StampFile;
import io.basedisk.domain.port.StoreView;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.sqlite.DatabaseDamage;
import io.basedisk.sqlite.SqliteBaseDiskStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The condition of a home's database: current, lost, or older than the home's files.
 *
 * @param fault why the store must be rebuilt, as a clause for a message; empty if it is current
 * @param writeNumber the highest write number in the store and the stamp
 */
public record StoreCondition(Optional<String> fault, long writeNumber) {

  /** The first bytes of every SQLite database. */
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(US_ASCII);

  /**
   * Examines the database, which must not be open in this process.
   *
   * @throws StorageException if the database has a newer version, or can't be read although it is
   *     not damaged
   */
  static StoreCondition of(
      HomeLayout home, DiskFiles files, OperatingSystem system, StampFile stamp) {
    Optional<StoreStamp> stamped = stamp.read();
    long stampNumber = stamped.map(StoreStamp::number).orElse(0L);
    Path database = HomePaths.database(home);
    Optional<String> damage = damageOf(database, files, system);
    if (damage.isPresent()) {
      return new StoreCondition(damage, stampNumber);
    }
    try (SqliteBaseDiskStore store = SqliteBaseDiskStore.openForReading(database)) {
      Content content = store.read(Content::in);
      return new StoreCondition(
          content.fault(stamped, new IdentityFile(home, files)),
          Math.max(stampNumber, content.writeNumber()));
    } catch (StorageException e) {
      if (DatabaseDamage.isCauseOf(e)) {
        return new StoreCondition(Optional.of("is damaged"), stampNumber);
      }
      throw e;
    }
  }

  private static Optional<String> damageOf(Path database, DiskFiles files, OperatingSystem system) {
    Optional<FileStatus> status = files.status(database);
    if (status.isEmpty()) {
      return Optional.of("is missing");
    }
    if (!status.get().isRegularFile()) {
      throw new StorageException(database + ": is not a regular file");
    }
    if (status.get().length() == 0) {
      return Optional.of("is empty");
    }
    try {
      return Arrays.equals(system.readStart(database, MAGIC.length), MAGIC)
          ? Optional.empty()
          : Optional.of("is not an SQLite database");
    } catch (IOException e) {
      throw new StorageException("cannot read " + database + ": " + e.getMessage(), e);
    }
  }

  /** The content of the store. Reading all records finds damage. */
  private record Content(Optional<HomeIdentity> identity, long writeNumber, boolean hasRecords) {

    static Content in(StoreView view) {
      return new Content(
          view.home().findIdentity(),
          view.home().writeNumber(),
          view.bases().list(BaseFilter.ALL).size()
                  + view.boxes().list().size()
                  + view.references().list().size()
                  + view.pendingDeletes().list().size()
                  + view.intents().list().size()
              > 0);
    }

    Optional<String> fault(Optional<StoreStamp> stamped, IdentityFile named) {
      if (identity.isEmpty() && writeNumber == 0 && !hasRecords) {
        return Optional.of("has no records");
      }
      if (stamped.filter(stamp -> stamp.isAheadOf(writeNumber)).isPresent()) {
        return Optional.of("is older than the files");
      }
      boolean isForeign =
          identity.isPresent()
              && named.read().filter(id -> !id.equals(identity.get().id())).isPresent();
      return isForeign ? Optional.of("belongs to another home") : Optional.empty();
    }
  }
}
