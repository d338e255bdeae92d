package example.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.app.BaseDisks;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.testing.BaseDiskStoreContract;
import io.basedisk.domain.testing.InMemoryBaseDiskStore;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the store to the contract of every store, and opens a home with it. */
class CountingStoreTest extends BaseDiskStoreContract {

  private InMemoryBaseDiskStore records;

  @Override
  protected BaseDiskStore open() {
    records = new InMemoryBaseDiskStore();
    return new CountingStore(records);
  }

  @Override
  protected BaseDiskStore reopen() {
    return new CountingStore(records.reopen());
  }

  @Override
  protected BaseDiskStore reopen(Duration bound) {
    return new CountingStore(records.reopen(bound));
  }

  @Test
  void a_home_keeps_its_records_in_it(@TempDir Path directory) {
    CountingStore store = new CountingStore(new InMemoryBaseDiskStore());
    try (BaseDisks disks =
        BaseDisks.builder().home(directory.resolve("home")).store(store).open()) {
      disks.boxes().create(BoxId.of("web"), ByteSize.parse("1G"));
    }
    assertTrue(store.writes() > 0);
    assertEquals(1, store.read(view -> view.boxes().list()).size());
  }
}
