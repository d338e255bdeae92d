package io.basedisk.domain.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ProcessorTimeTest {

  @Test
  void work_within_the_limit_returns_its_result() {
    assertEquals("done", ProcessorTime.assertAtMost(Duration.ofHours(1), () -> "done"));
  }

  @Test
  void work_that_takes_more_than_the_limit_fails() {
    assertThrows(
        AssertionError.class,
        () -> ProcessorTime.assertAtMost(Duration.ofNanos(1), ProcessorTimeTest::longSum));
  }

  private static long longSum() {
    long sum = 0;
    for (int i = 0; i < 10_000_000; i++) {
      sum += Long.hashCode(sum + i);
    }
    return sum;
  }

  @Test
  void what_the_work_throws_reaches_the_caller() {
    assertThrows(
        IllegalStateException.class,
        () ->
            ProcessorTime.assertAtMost(
                Duration.ofHours(1),
                () -> {
                  throw new IllegalStateException("it fails");
                }));
  }
}
