package io.basedisk.domain.testing;

import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link BaseDiskStore} must do: the sentences of its Javadoc, of {@link StoreView}'s
 * and of {@link StoreTransaction}'s as tests.
 *
 * <p>Extend it with the ways to open a store. It closes what it opened. What it can't see remains
 * to be shown by each store's own tests: that a change survives a power cut, and that a look-up
 * costs no more than its result.
 */
@Timeout(60)
public abstract class BaseDiskStoreContract {

  private final List<BaseDiskStore> opened = new ArrayList<>();

  /** Opens a store that is empty and shares nothing with any other. */
  protected abstract BaseDiskStore open();

  /** Opens another store object on the data of the store that {@link #open} returned last. */
  protected abstract BaseDiskStore reopen();

  /** Opens another one, whose {@code write} waits that long for other writers. */
  protected abstract BaseDiskStore reopen(Duration patience);

  @BeforeEach
  final void openStore() {
    opened.add(open());
  }

  @AfterEach
  final void closeStores() {
    opened.forEach(BaseDiskStore::close);
  }

  private BaseDiskStore opened() {
    return opened.get(0);
  }

  private BaseDiskStore openAnother() {
    BaseDiskStore another = reopen();
    opened.add(another);
    return another;
  }

  @Nested
  class Transactions extends StoreTransactionsContract {
    @Override
    BaseDiskStore store() {
      return opened();
    }

    @Override
    BaseDiskStore another(Duration patience) {
      BaseDiskStore another = reopen(patience);
      opened.add(another);
      return another;
    }

    @Override
    BaseDiskStore another() {
      return openAnother();
    }
  }

  @Nested
  class Bases extends StoreBasesContract {
    @Override
    BaseDiskStore store() {
      return opened();
    }

    @Override
    BaseDiskStore another() {
      return openAnother();
    }
  }

  @Nested
  class BoxesAndReferences extends StoreBoxesContract {
    @Override
    BaseDiskStore store() {
      return opened();
    }

    @Override
    BaseDiskStore another() {
      return openAnother();
    }
  }

  @Nested
  class Intents extends StoreIntentsContract {
    @Override
    BaseDiskStore store() {
      return opened();
    }

    @Override
    BaseDiskStore another() {
      return openAnother();
    }
  }

  @Nested
  class OnTheWayOut extends StoreDeparturesContract {
    @Override
    BaseDiskStore store() {
      return opened();
    }

    @Override
    BaseDiskStore another() {
      return openAnother();
    }
  }

  @Nested
  class Holds extends StoreHoldsContract {
    @Override
    BaseDiskStore store() {
      return opened();
    }

    @Override
    BaseDiskStore another() {
      return openAnother();
    }
  }

  @Nested
  class OfAMovedHome extends StoreMovedPathsContract {
    @Override
    BaseDiskStore store() {
      return opened();
    }

    @Override
    BaseDiskStore another() {
      return openAnother();
    }
  }

  @Nested
  class OfTheHome extends StoreHomeContract {
    @Override
    BaseDiskStore store() {
      return opened();
    }

    @Override
    BaseDiskStore another() {
      return openAnother();
    }
  }
}
