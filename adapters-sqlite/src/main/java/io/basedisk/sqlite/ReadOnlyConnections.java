package io.basedisk.sqlite;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Connections to a database whose directory can't be written to: the file system is read-only or
 * full, or this user has no permission.
 *
 * <p>Reads the database in place if it has the current schema and no write-ahead log. In place,
 * SQLite would not see changes in a log, and an older schema can't be migrated. In these cases,
 * this copies the database to a private temporary directory and opens the copy.
 *
 * @param connections connections to the database or to its copy
 * @param copy the directory of the copy, removed on close; null without a copy
 */
record ReadOnlyConnections(Connections connections, @Nullable Path copy) implements AutoCloseable {

  /** Suffixes of the files that a copy needs. */
  private static final ImmutableList<String> PARTS = ImmutableList.of("", "-wal");

  private static final int ATTEMPTS = 5;

  /**
   * Opens the database in {@code file}.
   *
   * @throws NotFoundException if the file does not exist
   * @throws RefusedException if processes that use another mount keep changing it
   */
  static ReadOnlyConnections open(Path file, Duration timeout) {
    if (!Files.exists(file)) {
      throw new NotFoundException(file + ": there is no store, and none can be made here");
    }
    Database original = new Database(file, file, timeout, true);
    if (!original.hasWriteAheadLog()) {
      Optional<Connections> current = Connections.openCurrent(original);
      if (current.isPresent()) {
        return new ReadOnlyConnections(current.get(), null);
      }
    }
    return openCopy(original);
  }

  private static ReadOnlyConnections openCopy(Database original) {
    Path directory = null;
    try {
      directory =
          Files.createTempDirectory(
              "basedisk-",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Database copy =
          new Database(directory.resolve("copy.db"), original.name(), original.timeout(), false);
      copy(original, copy);
      return new ReadOnlyConnections(Connections.open(copy), directory);
    } catch (IOException e) {
      remove(directory);
      throw new StorageException(
          original.name() + ": the store can't be copied to a temporary directory: " + e, e);
    } catch (RuntimeException | Error e) {
      remove(directory);
      throw e;
    }
  }

  /** Copies a database. Repeats the copy if the database changed during it. */
  private static void copy(Database original, Database copy) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      ImmutableList<String> before = versions(original);
      for (String part : PARTS) {
        Files.deleteIfExists(copy.sibling(part));
        copyIfThere(original.sibling(part), copy.sibling(part));
      }
      if (versions(original).equals(before)) {
        return;
      }
    }
    throw new RefusedException(
        original.name() + ": the store is busy: others are changing it", new Remedy.Repeat());
  }

  private static void copyIfThere(Path from, Path to) throws IOException {
    try {
      Files.copy(from, to);
    } catch (NoSuchFileException e) {
      // A log is optional.
    }
  }

  /**
   * {@return the identities, sizes and modification times of the files; any change shows in them}
   */
  private static ImmutableList<String> versions(Database database) throws IOException {
    ImmutableList.Builder<String> versions = ImmutableList.builder();
    for (String part : PARTS) {
      try {
        BasicFileAttributes now =
            Files.readAttributes(database.sibling(part), BasicFileAttributes.class);
        versions.add(now.fileKey() + " " + now.size() + " " + now.lastModifiedTime());
      } catch (NoSuchFileException e) {
        versions.add("absent");
      }
    }
    return versions.build();
  }

  @Override
  public void close() {
    connections.close();
    remove(copy);
  }

  private static void remove(@Nullable Path directory) {
    if (directory == null) {
      return;
    }
    try (var files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      // The leftover is private, and the system cleans its temporary directory.
    }
  }
}
