package io.basedisk.domain.testing;

import static io.basedisk.domain.testing.Records.base;
import static io.basedisk.domain.testing.Records.id;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.port.BaseDiskStore;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InMemoryBaseDiskStoreTest extends BaseDiskStoreContract {

  private InMemoryBaseDiskStore first;

  @Override
  protected BaseDiskStore open() {
    first = new InMemoryBaseDiskStore();
    return first;
  }

  @Override
  protected BaseDiskStore reopen() {
    return first.reopen();
  }

  @Override
  protected BaseDiskStore reopen(Duration bound) {
    return first.reopen(bound);
  }

  @Test
  void a_copy_goes_its_own_way() {
    first.change(tx -> tx.bases().insert(base("base0001").build()));
    InMemoryBaseDiskStore copy = first.copy();

    first.change(tx -> tx.bases().delete(id("base0001")));
    copy.change(tx -> tx.bases().insert(base("base0002").build()));

    assertEquals(0, first.read(view -> view.bases().list(BaseFilter.ALL).size()).intValue());
    assertEquals(2, copy.read(view -> view.bases().list(BaseFilter.ALL).size()).intValue());
  }
}
