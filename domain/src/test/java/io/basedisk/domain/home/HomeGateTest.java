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
import java.util.concurrent.atomic.AtomicInteger;
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

  @Test
  void a_home_whose_first_opening_was_killed_at_any_step_opens_without_a_file_left() {
    boolean isOpened = false;
    for (int steps = 0; !isOpened; steps++) {
      Fleet first = new Fleet(disks.copy(), store.copy());
      isOpened = isOpenedWithin(steps, first);

      Fleet next = first.afterKill();
      next.useCases.recover();
      next.check();
      assertEquals(Optional.empty(), next.useCases.gate().problem(), "after " + steps + " steps");
    }
  }

  private static boolean isOpenedWithin(int steps, Fleet fleet) {
    AtomicInteger left = new AtomicInteger(steps);
    fleet.beforeEachStep(
        step -> {
          if (left.getAndDecrement() == 0) {
            throw new Killed();
          }
        });
    try {
      fleet.useCases.recover();
      return true;
    } catch (Killed killed) {
      return false;
    }
  }

  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }
}
