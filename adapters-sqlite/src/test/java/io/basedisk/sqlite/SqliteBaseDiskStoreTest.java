package io.basedisk.sqlite;

import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.testing.BaseDiskStoreContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class SqliteBaseDiskStoreTest extends BaseDiskStoreContract {

  /** Longer than a write of another test thread takes, even on a busy machine. */
  private static final Duration LONG = Duration.ofHours(1);

  /** A new database. Each test gets a copy of it, which is faster than a migration. */
  @TempDir private static Path template;

  @TempDir private Path directory;

  @BeforeAll
  static void makeTemplate() {
    SqliteBaseDiskStore.open(file(template)).close();
  }

  @Override
  protected BaseDiskStore open() {
    try {
      Files.copy(file(template), file(directory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return reopen();
  }

  @Override
  protected BaseDiskStore reopen() {
    return reopen(LONG);
  }

  @Override
  protected BaseDiskStore reopen(Duration bound) {
    return SqliteBaseDiskStore.open(file(directory), bound);
  }

  private static Path file(Path directory) {
    return directory.resolve("basedisk.db");
  }
}
