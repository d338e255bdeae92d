package io.basedisk.domain.testing;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.port.OperationLocks;
import io.basedisk.domain.port.OperationLocks.Held;
import org.junit.jupiter.api.Test;

/** The fake does what every implementation does, and its processes die as real ones do. */
class InMemoryOperationLocksTest extends OperationLocksContract {

  private static final OperationId ID = new OperationId(7);

  private final InMemoryOperationLocks process = new InMemoryOperationLocks();
  private final InMemoryOperationLocks other = process.anotherProcess();

  @Override
  protected OperationLocks locks() {
    return process;
  }

  @Override
  protected OperationLocks locksOfAnotherInstance() {
    return other;
  }

  @Override
  protected void replaceHome() {
    process.replaceHome();
  }

  @Test
  void the_death_of_a_process_frees_its_locks() {
    assertTrue(process.tryAcquire(ID).isPresent());
    process.die();
    assertTrue(other.tryAcquire(ID).isPresent());
  }

  @Test
  void the_death_of_a_process_leaves_the_locks_of_others() {
    assertTrue(process.tryAcquire(ID).isPresent());
    other.die();
    assertFalse(other.tryAcquire(ID).isPresent());
  }

  @Test
  void a_dead_process_can_not_release_the_lock_of_its_successor() {
    Held ofTheDead = process.tryAcquire(ID).orElseThrow();
    process.die();
    assertTrue(other.tryAcquire(ID).isPresent());
    ofTheDead.close();
    assertFalse(process.tryAcquire(ID).isPresent());
  }
}
