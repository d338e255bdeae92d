package io.basedisk.domain.testing.walk;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Iterables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Random sequences of everything that can be done to a home, each step held against a plain model;
 * at the end everything is removed, and nothing may be left.
 *
 * <p>Each step throws its own dice, by a seed of its own. So a step can be left out of a sequence,
 * and what follows is still a sequence: one that fails is made shorter as long as it fails.
 */
public final class RandomWalk {

  private static final int TAIL = 25;

  private final Supplier<World> worlds;
  private final int looksCloselyEvery;
  private final Duration shortening;

  /**
   * What was walked through.
   *
   * @param acts how often each was done, by its name
   * @param undone the names of those that were never done
   * @param unmade the names of the mistakes that were never made
   * @param deepestChain the most files that a disk had below it
   * @param mostBases the most bases that there were at once
   */
  public record Tally(
      ImmutableMap<String, Integer> acts,
      ImmutableSet<String> undone,
      ImmutableSet<String> unmade,
      int deepestChain,
      int mostBases) {}

  /** How a sequence failed: at which step, after which others, and why. */
  private record Failure(int step, ImmutableList<String> log, Throwable cause) {}

  /**
   * @param worlds makes an empty home
   * @param looksCloselyEvery after how many steps each byte of each base is read and the doctor is
   *     asked; the rest is checked after each step
   * @param shortening how long to try to make a sequence shorter that fails
   */
  public RandomWalk(Supplier<World> worlds, int looksCloselyEvery, Duration shortening) {
    this.worlds = worlds;
    this.looksCloselyEvery = looksCloselyEvery;
    this.shortening = shortening;
  }

  /** Walks, and fails with a message that says how to see it again. */
  public Tally walk(long seed, int steps) {
    List<Long> seeds = new Random(seed).longs(steps).boxed().toList();
    Walker walker = new Walker(looksCloselyEvery);
    Optional<Failure> failure = attempt(walker, seeds);
    if (failure.isPresent()) {
      throw failed(seed, steps, seeds, failure.get());
    }
    ImmutableMap.Builder<String, Integer> named = ImmutableMap.builder();
    walker.acts().forEach((act, count) -> named.put(act.name(), count));
    return new Tally(
        named.buildOrThrow(),
        namesBut(Act.values(), walker.acts().keySet()),
        namesBut(Mistake.values(), walker.mistakes()),
        walker.deepestChain(),
        walker.mostBases());
  }

  private static <E extends Enum<E>> ImmutableSet<String> namesBut(E[] all, Set<E> some) {
    return Arrays.stream(all)
        .filter(one -> !some.contains(one))
        .map(Enum::name)
        .collect(ImmutableSet.toImmutableSet());
  }

  private Optional<Failure> attempt(Walker walker, List<Long> seeds) {
    List<String> log = new ArrayList<>();
    try (World world = worlds.get()) {
      walker.begin(world);
      for (long seed : seeds) {
        walker.step(new Random(seed), log);
      }
      walker.removeEverything(log);
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
        Optional<Failure> again = attempt(new Walker(looksCloselyEvery), shorter);
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
