package io.basedisk.domain.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.port.OperationLocks;
import io.basedisk.domain.port.OperationLocks.Held;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * What every {@link OperationLocks} does. Extend it and say how to make one.
 *
 * <p>What it cannot ask of every implementation, because it takes a second process, is the end of a
 * lock with its process: an implementation for real processes tests that by itself.
 */
public abstract class OperationLocksContract {

  private static final OperationId ID = new OperationId(4711);
  private static final OperationId NEXT = new OperationId(4712);
  private static final OperationId LEAST = new OperationId(1);
  private static final OperationId GREATEST = new OperationId((1L << 62) - 1);

  /** Returns the locks of one home: the same home each time within a test. */
  protected abstract OperationLocks locks();

  /** Returns the locks of the same home through an instance of its own. */
  protected abstract OperationLocks locksOfAnotherInstance();

  /** Puts another lock file in the place of the home's, as who replaces the home does. */
  protected abstract void replaceHome();

  @Test
  void no_lock_is_given_once_the_home_was_replaced() {
    OperationLocks locks = locks();
    acquire(locks, ID).close();
    replaceHome();
    StorageException failure = assertThrows(StorageException.class, () -> locks.tryAcquire(ID));
    assertTrue(
        failure.getMessage().contains("the home was replaced while it was open"),
        failure::getMessage);
    assertThrows(StorageException.class, () -> locks.acquire(NEXT, Duration.ZERO));
  }

  @Test
  void a_lock_of_a_home_that_was_replaced_can_be_released() {
    Held held = acquire(locks(), ID);
    replaceHome();
    held.close();
  }

  @Test
  void a_free_lock_can_be_taken() {
    assertTrue(isFree(locks(), ID));
  }

  @Test
  void a_lock_that_is_held_is_not_given_again() {
    try (Held held = acquire(locks(), ID)) {
      assertEquals(Optional.empty(), locks().tryAcquire(ID), () -> "while " + held + " is held");
    }
  }

  @Test
  void a_free_lock_is_acquired_at_once() {
    locks().acquire(ID, Duration.ZERO).orElseThrow().close();
  }

  @Test
  void a_lock_that_stays_held_is_not_acquired() {
    try (Held held = acquire(locks(), ID)) {
      assertEquals(
          Optional.empty(),
          locksOfAnotherInstance().acquire(ID, Duration.ofMillis(20)),
          () -> "while " + held + " is held");
    }
  }

  @Test
  void a_lock_is_acquired_when_it_is_released_in_time() throws Exception {
    Held held = acquire(locks(), ID);
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      Future<Optional<Held>> waiting =
          executor.submit(() -> locksOfAnotherInstance().acquire(ID, Duration.ofMinutes(1)));
      held.close();
      waiting.get().orElseThrow().close();
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void a_thread_that_is_interrupted_waits_no_longer_and_stays_interrupted() {
    try (Held held = acquire(locks(), ID)) {
      Thread.currentThread().interrupt();
      assertEquals(
          Optional.empty(),
          locks().acquire(ID, Duration.ofMinutes(1)),
          () -> "while " + held + " is held");
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void a_lock_that_is_held_is_not_given_through_another_instance() {
    try (Held held = acquire(locks(), ID)) {
      assertEquals(
          Optional.empty(),
          locksOfAnotherInstance().tryAcquire(ID),
          () -> "while " + held + " is held");
    }
  }

  @Test
  void asking_for_a_lock_that_is_held_leaves_it_held() {
    OperationLocks other = locksOfAnotherInstance();
    try (Held held = acquire(locks(), ID)) {
      other.tryAcquire(ID);
      locks().tryAcquire(ID);
      assertEquals(Optional.empty(), other.tryAcquire(ID), () -> "while " + held + " is held");
    }
  }

  @Test
  void a_released_lock_can_be_taken_again() {
    acquire(locks(), ID).close();
    assertTrue(isFree(locks(), ID));
  }

  @Test
  void a_released_lock_can_be_taken_through_another_instance() {
    acquire(locks(), ID).close();
    assertTrue(isFree(locksOfAnotherInstance(), ID));
  }

  @Test
  void the_locks_of_different_operations_are_independent() {
    try (Held held = acquire(locks(), ID)) {
      assertTrue(isFree(locks(), NEXT), () -> "beside " + held);
    }
  }

  @Test
  void releasing_one_lock_leaves_the_others_held() {
    Held one = acquire(locks(), ID);
    try (Held other = acquire(locks(), NEXT)) {
      one.close();
      assertEquals(
          Optional.empty(),
          locksOfAnotherInstance().tryAcquire(NEXT),
          () -> "while " + other + " is held");
    }
  }

  @Test
  void the_least_and_the_greatest_id_have_locks_of_their_own() {
    try (Held least = acquire(locks(), LEAST);
        Held greatest = acquire(locks(), GREATEST)) {
      OperationLocks other = locksOfAnotherInstance();
      assertEquals(Optional.empty(), other.tryAcquire(LEAST), () -> "while " + least + " is held");
      assertEquals(
          Optional.empty(), other.tryAcquire(GREATEST), () -> "while " + greatest + " is held");
    }
  }

  @Test
  void closing_a_lock_twice_leaves_the_next_holder_its_lock() {
    Held first = acquire(locks(), ID);
    first.close();
    try (Held second = acquire(locks(), ID)) {
      first.close();
      assertEquals(
          Optional.empty(),
          locksOfAnotherInstance().tryAcquire(ID),
          () -> "while " + second + " is held");
    }
  }

  @Test
  void a_lock_may_be_released_by_another_thread() throws Exception {
    Held held = acquire(locks(), ID);
    Thread other = new Thread(held::close);
    other.start();
    other.join();
    assertTrue(isFree(locks(), ID));
  }

  @Test
  void a_lock_outlives_the_thread_that_took_it() throws Exception {
    List<Held> taken = Collections.synchronizedList(new ArrayList<>());
    Thread other = new Thread(() -> taken.add(acquire(locks(), ID)));
    other.start();
    other.join();
    try (Held held = taken.get(0)) {
      assertEquals(Optional.empty(), locks().tryAcquire(ID), () -> "while " + held + " is held");
    }
  }

  @Test
  void of_many_threads_that_ask_at_once_one_gets_the_lock() throws Exception {
    int threads = 8;
    ImmutableList<OperationLocks> instances = ImmutableList.of(locks(), locksOfAnotherInstance());
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Optional<Held>>> attempts = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        OperationLocks instance = instances.get(i % instances.size());
        attempts.add(() -> instance.tryAcquire(ID));
      }
      List<Held> winners = new ArrayList<>();
      for (Future<Optional<Held>> attempt : executor.invokeAll(attempts)) {
        attempt.get().ifPresent(winners::add);
      }
      winners.forEach(Held::close);
      assertEquals(1, winners.size());
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void a_lock_is_taken_and_kept_by_a_thread_that_is_interrupted() {
    Thread.currentThread().interrupt();
    try (Held held = acquire(locks(), ID)) {
      assertTrue(Thread.interrupted(), "the interrupt was lost");
      assertEquals(
          Optional.empty(),
          locksOfAnotherInstance().tryAcquire(ID),
          () -> "while " + held + " is held");
    } finally {
      Thread.interrupted();
    }
  }

  private static Held acquire(OperationLocks locks, OperationId id) {
    return locks.tryAcquire(id).orElseThrow(() -> new AssertionError(id + " is held"));
  }

  private static boolean isFree(OperationLocks locks, OperationId id) {
    Optional<Held> held = locks.tryAcquire(id);
    held.ifPresent(Held::close);
    return held.isPresent();
  }
}
