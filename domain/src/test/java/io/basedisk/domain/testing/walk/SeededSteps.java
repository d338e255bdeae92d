package io.basedisk.domain.testing.walk;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/**
 * A sequence of random steps, each with a seed of its own, so that a step can be left out: a
 * sequence that fails is made shorter as long as it fails.
 *
 * @param <W> what takes the steps
 */
final class SeededSteps<W> {

  private static final int TAIL = 25;

  /**
   * Takes the steps of one sequence, from the beginning.
   *
   * @param <W> what takes them
   */
  interface Sequence<W> {

    /**
     * Takes all of them.
     *
     * @param seeds one for each step
     * @param log gets a line for each step, also for the one that fails
     */
    void take(W walker, List<Long> seeds, List<String> log);
  }

  /** How a sequence failed: at which step, after which others, and why. */
  private record Failure(int step, ImmutableList<String> log, Throwable cause) {}

  private final Supplier<W> walkers;
  private final Sequence<W> sequence;
  private final Duration shortening;

  /**
   * @param shortening how long to try to make a sequence shorter that fails
   */
  SeededSteps(Supplier<W> walkers, Sequence<W> sequence, Duration shortening) {
    this.walkers = walkers;
    this.sequence = sequence;
    this.shortening = shortening;
  }

  /** Takes the steps, and fails with a message that says how to see it again. */
  W take(long seed, int steps) {
    List<Long> seeds = new Random(seed).longs(steps).boxed().toList();
    W walker = walkers.get();
    Optional<Failure> failure = attempt(walker, seeds);
    if (failure.isPresent()) {
      throw failed(seed, steps, seeds, failure.get());
    }
    return walker;
  }

  private Optional<Failure> attempt(W walker, List<Long> seeds) {
    List<String> log = new ArrayList<>();
    try {
      sequence.take(walker, seeds, log);
      return Optional.empty();
    } catch (RuntimeException | AssertionError cause) {
      return Optional.of(new Failure(log.size(), ImmutableList.copyOf(log), cause));
    }
  }

  private AssertionError failed(long seed, int steps, List<Long> seeds, Failure failure) {
    List<Long> failing = seeds.subList(0, Math.min(seeds.size(), failure.step()));
    Failure shortest = shortened(failing, failure);
    return new AssertionError(
        "step "
            + failure.step()
            + " of "
            + steps
            + ", -Dbasedisk.seed="
            + seed
            + ": "
            + failure.cause().getMessage()
            + "\n  the last steps:"
            + lines(failure.log())
            + "\n  and in short, failing with "
            + shortest.cause()
            + ":"
            + lines(shortest.log()),
        failure.cause());
  }

  private static String lines(List<String> log) {
    StringBuilder lines = new StringBuilder();
    Iterables.skip(log, Math.max(0, log.size() - TAIL))
        .forEach(line -> lines.append("\n    ").append(line));
    return lines.toString();
  }

  /** Leaves out ever smaller parts, as long as what is left fails, however. */
  private Failure shortened(List<Long> seeds, Failure failure) {
    long end = System.nanoTime() + shortening.toNanos();
    List<Long> shortest = seeds;
    Failure found = failure;
    for (int part = seeds.size() / 2; part > 0; part = part / 2) {
      int from = 0;
      while (from < shortest.size() && System.nanoTime() < end) {
        List<Long> shorter = new ArrayList<>(shortest.subList(0, from));
        shorter.addAll(shortest.subList(Math.min(from + part, shortest.size()), shortest.size()));
        Optional<Failure> again = attempt(walkers.get(), shorter);
        if (again.isPresent()) {
          found = again.get();
          shortest = shorter.subList(0, Math.min(shorter.size(), found.step()));
        } else {
          from += part;
        }
      }
    }
    return found;
  }
}
