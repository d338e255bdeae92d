package io.basedisk.sqlite;

import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.testing.BaseDiskStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteBaseDiskStoreTest extends BaseDiskStoreContract {

  @TempDir private Path directory;

  @Override
  protected BaseDiskStore open() {
    return reopen();
  }

  @Override
  protected BaseDiskStore reopen() {
    return SqliteBaseDiskStore.open(directory.resolve("basedisk.db"));
  }
}
