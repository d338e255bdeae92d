package io.basedisk.domain.testing.walk;

import com.google.common.collect.ImmutableMap;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Random sequences of everything that can be done to a home, and of accidents around it: it is
 * copied and moved, its store is lost or replaced by an older one, its bases are away, disks are
 * links or come back from a backup, bases are changed in place, operations are killed and fail. No
 * command of ours may lose a byte of a disk, a snapshot or a rootfs that the accident itself has
 * spared, and after the documented remedies the home is as any other.
 */
public final class AccidentWalk {

  private final Supplier<FragileWorld> worlds;
  private final int looksCloselyEvery;
  private final Duration shortening;

  /**
   * @param worlds makes an empty home
   * @param looksCloselyEvery as for {@link RandomWalk}
   * @param shortening how long to try to make a sequence shorter that fails
   */
  public AccidentWalk(Supplier<FragileWorld> worlds, int looksCloselyEvery, Duration shortening) {
    this.worlds = worlds;
    this.looksCloselyEvery = looksCloselyEvery;
    this.shortening = shortening;
  }

  /**
   * Walks, and fails with a message that says how to see it again.
   *
   * @return how often each accident happened
   */
  public ImmutableMap<String, Integer> walk(long seed, int steps) {
    AccidentWalker walker =
        new SeededSteps<>(() -> new AccidentWalker(looksCloselyEvery), this::walkOnce, shortening)
            .take(seed, steps);
    return ImmutableMap.copyOf(walker.tally());
  }

  private void walkOnce(AccidentWalker walker, List<Long> seeds, List<String> log) {
    walker.begin(worlds.get());
    for (long seed : seeds) {
      walker.step(new Random(seed), log);
    }
    walker.removeEverything(log);
  }
}
