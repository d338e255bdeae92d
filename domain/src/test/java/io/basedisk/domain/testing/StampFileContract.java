package io.basedisk.domain.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.model.StoreStamp;
import io.basedisk.domain.port.StampFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every {@link StampFile} does. Extend it and say how to make one. */
public abstract class StampFileContract {

  /** Returns the stamp of one home: the same home each time within a test. */
  protected abstract StampFile stamp();

  /** Returns the stamp of the same home through an instance of its own. */
  protected abstract StampFile stampOfAnotherInstance();

  @Test
  void that_was_never_written_is_empty() {
    assertEquals(Optional.empty(), stamp().read());
  }

  @Test
  void is_what_was_written_last() {
    for (StoreStamp written :
        List.of(
            new StoreStamp(0, true),
            new StoreStamp(1, false),
            new StoreStamp(Long.MAX_VALUE, true),
            new StoreStamp(Long.MAX_VALUE, false),
            new StoreStamp(7, true))) {
      stamp().write(written);
      assertEquals(Optional.of(written), stamp().read());
    }
  }

  @Test
  void is_seen_through_another_instance() {
    stamp().write(new StoreStamp(3, false));
    assertEquals(Optional.of(new StoreStamp(3, false)), stampOfAnotherInstance().read());
    stampOfAnotherInstance().write(new StoreStamp(3, true));
    assertEquals(Optional.of(new StoreStamp(3, true)), stamp().read());
  }

  @Test
  void is_written_and_read_by_a_thread_that_is_interrupted() {
    Thread.currentThread().interrupt();
    stamp().write(new StoreStamp(5, true));
    Optional<StoreStamp> read = stamp().read();
    assertTrue(Thread.interrupted(), "the interrupt was lost");
    assertEquals(Optional.of(new StoreStamp(5, true)), read);
  }

  @Test
  void is_never_seen_half_written() throws Exception {
    StoreStamp one = new StoreStamp(1_111_111_111_111_111_111L, true);
    StoreStamp other = new StoreStamp(8_888_888_888_888_888_888L, false);
    stamp().write(one);
    ExecutorService executor = Executors.newFixedThreadPool(2);
    try {
      Callable<Boolean> writing =
          () -> {
            for (int i = 0; i < 2_000; i++) {
              stamp().write(i % 2 == 0 ? other : one);
            }
            return true;
          };
      Future<Boolean> written = executor.submit(writing);
      List<StoreStamp> seen = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        stampOfAnotherInstance().read().ifPresent(seen::add);
      }
      assertTrue(written.get());
      assertTrue(seen.stream().allMatch(s -> s.equals(one) || s.equals(other)), seen::toString);
    } finally {
      executor.shutdownNow();
    }
  }
}
