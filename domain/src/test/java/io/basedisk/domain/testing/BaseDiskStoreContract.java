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

/**
 * What every {@link BaseDiskStore} must do: the sentences of its Javadoc, of {@link StoreView}'s
 * and of {@link StoreTransaction}'s as tests. Each part of these has a contract of its own.
 *
 * <p>Extend it with the three ways to open a store. It closes what it opened. What it can't see
 * remains to be shown by each store's own tests: that a change survives a power cut, and that a
 * look-up costs no more than its result.
 */
public abstract class BaseDiskStoreContract {

  private final List<BaseDiskStore> opened = new ArrayList<>();

  /** Opens a store that is empty and shares nothing with any other. */
  protected abstract BaseDiskStore open();

  /**
   * Opens another store object on the data of the store that {@link #open} returned last. Give both
   * a bound on their writes of an hour or more: a test must not fail since the machine is busy.
   */
  protected abstract BaseDiskStore reopen();

  /**
   * Opens another store object on the same data, whose writes are refused if other writers do not
   * let them begin within {@code bound}.
   */
  protected abstract BaseDiskStore reopen(Duration bound);

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
    return closedLater(reopen());
  }

  private BaseDiskStore closedLater(BaseDiskStore another) {
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
    BaseDiskStore another() {
      return openAnother();
    }
  }

  @Nested
  class BoundOfWrites extends StoreWriteBoundContract {
    @Override
    BaseDiskStore store() {
      return opened();
    }

    @Override
    BaseDiskStore another() {
      return openAnother();
    }

    @Override
    BaseDiskStore another(Duration bound) {
      return closedLater(reopen(bound));
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
  class BaseChanges extends StoreBaseChangesContract {
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
  class BaseDeletions extends StoreBaseDeletionsContract {
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
  class Layers extends StoreLayersContract {
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
  class Rootfs extends StoreRootfsContract {
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
  class References extends StoreReferencesContract {
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
  class Boxes extends StoreBoxesContract {
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
  class PendingDeletes extends StorePendingDeletesContract {
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
  class Log extends StoreLogContract {
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
