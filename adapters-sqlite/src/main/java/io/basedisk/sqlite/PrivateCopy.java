package io.basedisk.sqlite;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a database in a private temporary directory, with the write-ahead log. The original is
 * only read: SQLite never opens it.
 *
 * @param directory the directory, removed on close
 * @param database the copy
 */
record PrivateCopy(Path directory, Database database) implements AutoCloseable {

  /** Suffixes of the files that a copy needs. */
  private static final ImmutableList<String> PARTS = ImmutableList.of("", "-wal");

  private static final int ATTEMPTS = 5;

  /**
   * Copies a database.
   *
   * @throws RefusedException if other processes keep changing it
   * @throws StorageException if it can't be copied
   */
  static PrivateCopy of(Database original) {
    Path directory = null;
    try {
      directory =
          Files.createTempDirectory(
              "basedisk-",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Database copy =
          new Database(directory.resolve("copy.db"), original.name(), original.timeout(), false);
      copy(original, copy);
      return new PrivateCopy(directory, copy);
    } catch (IOException e) {
      removeIfThere(directory);
      throw new StorageException(
          original.name() + ": the store can't be copied to a temporary directory: " + e, e);
    } catch (RuntimeException | Error e) {
      removeIfThere(directory);
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
    remove(directory);
  }

  private static void removeIfThere(@Nullable Path directory) {
    if (directory != null) {
      remove(directory);
    }
  }

  private static void remove(Path directory) {
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
