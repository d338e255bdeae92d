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

  /** A new database, which each test gets a copy of: to migrate one a test takes long. */
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
    return SqliteBaseDiskStore.open(file(directory));
  }

  @Override
  protected BaseDiskStore reopen(Duration patience) {
    return SqliteBaseDiskStore.open(file(directory), patience);
  }

  private static Path file(Path directory) {
    return directory.resolve("basedisk.db");
  }
}
