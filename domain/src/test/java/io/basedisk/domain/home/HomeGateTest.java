package io.basedisk.domain.home;

import static io.basedisk.domain.testing.Fleet.HOME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.HomeUnusableException.Problem;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.InMemoryBaseDiskStore;
import io.basedisk.domain.testing.InMemoryDisks;
import io.basedisk.domain.testing.UseCases;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HomeGateTest {

  private final InMemoryDisks disks =
      new InMemoryDisks()
          .withDirectory(HOME.bases(), HomeLayout.PASS_THROUGH_MODE)
          .withDirectory(HOME.boxes(), HomeLayout.PASS_THROUGH_MODE)
          .withDirectory(HOME.db(), HomeLayout.PRIVATE_MODE);
  private final InMemoryBaseDiskStore store = new InMemoryBaseDiskStore();
  private final Fleet other = new Fleet(disks, store);

  @Test
  void a_home_that_another_process_starts_to_use_while_it_is_opened_is_not_lost() {
    DiskFiles files = mock(DiskFiles.class, delegatesTo(disks));
    AtomicBoolean isCreated = new AtomicBoolean();
    doAnswer(
            asked -> {
              if (!isCreated.getAndSet(true)) {
                other.create("a");
              }
              return disks.status(HOME.bases());
            })
        .when(files)
        .status(HOME.bases());

    HomeGate gate = UseCases.over(other.ports.withFiles(files)).gate();
    gate.open();

    assertEquals(true, isCreated.get());
    assertEquals(Optional.empty(), gate.problem());
  }

  @Test
  void a_home_with_boxes_and_an_empty_store_is_lost() {
    other.create("a");
    HomeGate gate = UseCases.over(new Fleet(disks, new InMemoryBaseDiskStore()).ports).gate();

    HomeUnusableException lost = assertThrows(HomeUnusableException.class, gate::open);

    assertEquals(Problem.LOST_STORE, lost.problem());
  }
}
