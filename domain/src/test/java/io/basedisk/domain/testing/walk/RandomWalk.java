package io.basedisk.domain.testing.walk;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
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
    Walker walker =
        new SeededSteps<>(() -> new Walker(looksCloselyEvery), this::walkOnce, shortening)
            .take(seed, steps);
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

  private void walkOnce(Walker walker, List<Long> seeds, List<String> log) {
    try (World world = worlds.get()) {
      walker.begin(world);
      for (long seed : seeds) {
        walker.step(new Random(seed), log);
      }
      walker.removeEverything(log);
    }
  }
}
