package io.basedisk.domain.testing;

import static io.basedisk.domain.testing.Records.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.Uninterruptibles;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.port.BaseDiskStore;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** How long a write waits for other writers. */
abstract class StoreWriteBoundContract extends StoreContractPart {

  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofHours(1);

  /**
   * How long the other writer stays at most. A store without a bound gets its turn after that, and
   * fails the test then.
   */
  private static final Duration LONGEST_WRITE = Duration.ofMinutes(5);

  /**
   * Opens another store object on the same data, whose writes wait no longer than {@code bound}.
   */
  abstract BaseDiskStore another(Duration bound);

  /** A write of another thread that is under way until this is closed. */
  private static final class OtherWriter implements AutoCloseable {

    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch enough = new CountDownLatch(1);
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final Future<?> writing;

    OtherWriter(BaseDiskStore store) {
      writing = thread.submit(() -> store.<Boolean>write(tx -> stay()));
      Uninterruptibles.awaitUninterruptibly(started);
    }

    private boolean stay() {
      started.countDown();
      return Uninterruptibles.awaitUninterruptibly(enough, LONGEST_WRITE);
    }

    @Override
    public void close() throws Exception {
      enough.countDown();
      writing.get();
      thread.shutdown();
    }

    @Override
    public String toString() {
      return writing.isDone() ? "a writer that has ended" : "a writer at work";
    }
  }

  @Test
  void a_write_that_another_store_object_keeps_from_beginning_is_refused_after_its_bound()
      throws Exception {
    BaseDiskStore impatient = another(SHORT);

    assertRefusedWhileWriting(store(), impatient);
  }

  @Test
  void a_write_that_another_thread_keeps_from_beginning_is_refused_after_its_bound()
      throws Exception {
    BaseDiskStore impatient = another(SHORT);

    assertRefusedWhileWriting(impatient, impatient);
  }

  private void assertRefusedWhileWriting(BaseDiskStore writer, BaseDiskStore impatient)
      throws Exception {
    AtomicBoolean begun = new AtomicBoolean();
    try (OtherWriter other = new OtherWriter(writer)) {
      RefusedException refusal =
          assertThrows(
              RefusedException.class,
              () -> impatient.change(tx -> begun.set(true)),
              () -> "beside " + other);
      assertEquals(1, refusal.getMessage().lines().count(), refusal.getMessage());
    }
    assertFalse(begun.get(), "the work of a write that is refused has begun");
  }

  @Test
  void a_store_works_on_after_it_has_refused_a_write() throws Exception {
    BaseDiskStore impatient = another(SHORT);
    try (OtherWriter other = new OtherWriter(store())) {
      assertThrows(
          RefusedException.class, () -> impatient.change(tx -> {}), () -> "beside " + other);
    }

    impatient.change(tx -> insertBases(tx, "base0001"));

    assertEquals(ImmutableList.of("base0001"), ids(view -> view.bases().list(BaseFilter.ALL)));
  }

  @Test
  void a_write_whose_turn_comes_within_its_bound_is_done() throws Exception {
    BaseDiskStore patient = another(LONG);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Future<?> waiting;
    try (OtherWriter other = new OtherWriter(store())) {
      waiting = thread.submit(() -> patient.change(tx -> insertBases(tx, "base0001")));
      assertFalse(waiting.isDone(), () -> "beside " + other);
    }
    waiting.get();
    thread.shutdown();

    assertTrue(read(view -> view.bases().find(id("base0001"))).isPresent());
  }
}
