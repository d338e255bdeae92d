package io.basedisk.benchmarks;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs contestants in turn, in many rounds, so that a disturbance of the machine hits all of them.
 */
final class Contest {

  /** Work to measure. A run returns its figure in seconds or bytes. */
  interface Contestant {
    double run() throws Exception;
  }

  private Contest() {}

  /**
   * {@return the figures of each contestant, in the order given}
   *
   * @param place the directory of all contestants. Its file system is synced before each run, so
   *     that no run waits for writes of the previous one
   * @param warmups number of rounds before the measured ones
   * @param rounds number of measured rounds
   */
  static ImmutableList<Samples> run(Place place, int warmups, int rounds, Contestant... contestants)
      throws Exception {
    List<List<Double>> figures = new ArrayList<>();
    for (int i = 0; i < contestants.length; i++) {
      figures.add(new ArrayList<>());
    }
    for (int round = 0; round < warmups + rounds; round++) {
      for (int i = 0; i < contestants.length; i++) {
        // Every second round runs backwards, so that no contestant always follows the same other
        // one.
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
