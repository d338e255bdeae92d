package io.basedisk.benchmarks;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/** Runs contestants in turn, again and again, so that what disturbs the machine disturbs all. */
final class Contest {

  /** Something that is measured: it returns the figure of one run, in seconds or bytes. */
  interface Contestant {
    double run() throws Exception;
  }

  private Contest() {}

  /**
   * Returns the figures of each contestant, in the order given.
   *
   * @param place is brought to rest before each run: what one has left to be written is not the
   *     next one's to wait for
   * @param warmups rounds before those that count
   * @param rounds rounds that count
   */
  static ImmutableList<Samples> run(Place place, int warmups, int rounds, Contestant... contestants)
      throws Exception {
    List<List<Double>> figures = new ArrayList<>();
    for (int i = 0; i < contestants.length; i++) {
      figures.add(new ArrayList<>());
    }
    for (int round = 0; round < warmups + rounds; round++) {
      for (int i = 0; i < contestants.length; i++) {
        // Every other round backwards: none is always the one that comes after a certain other.
        int turn = round % 2 == 0 ? i : contestants.length - 1 - i;
        place.settle();
        double figure = contestants[turn].run();
        if (round >= warmups) {
          figures.get(turn).add(figure);
        }
      }
    }
    return figures.stream().map(Samples::of).collect(ImmutableList.toImmutableList());
  }
}
