package io.basedisk.domain.testing;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.BaseDiskException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Cuts the power before each step of an operation, and after its last, in the states that this may
 * leave; then again in the recovery.
 */
public final class PowerCuts {

  private static final String END = "the end";

  private final Interruptible operation;
  private final UnaryOperator<BoundPorts> change;
  private final int statesAMoment;
  private final int secondCutsACut;
  private final long seed;
  private final Random random;
  private long cuts;
  private long secondCuts;
  private long complete;

  /** The home before one step. */
  private record Moment(String nextStep, InMemoryDisks disks, InMemoryBaseDiskStore store) {}

  /**
   * @param operation the operation
   * @param change changes the ports that it uses
   * @param statesAMoment limit of the states that are tried before a step; a larger number of
   *     states is sampled
   * @param secondCutsACut how many cuts in the recovery are tried after each cut
   * @param seed seed of the samples
   */
  public PowerCuts(
      Interruptible operation,
      UnaryOperator<BoundPorts> change,
      int statesAMoment,
      int secondCutsACut,
      long seed) {
    this.operation = operation;
    this.change = change;
    this.statesAMoment = statesAMoment;
    this.secondCutsACut = secondCutsACut;
    this.seed = seed;
    this.random = new Random(seed);
  }

  /** Tries all cuts. Fails if one loses something, or undoes an operation that has returned. */
  public void explore() {
    Fleet home = operation.home().with(change);
    List<Moment> moments = record(home, () -> operation.perform(home));
    moments.add(new Moment(END, home.disks.copy(), home.store.copy()));
    for (Moment moment : moments) {
      for (long state : states(moment)) {
        try {
          boolean isComplete = cut(home.afterPowerCut(moment.disks(), moment.store(), state));
          assertTrue(isComplete || !moment.nextStep().equals(END), "a complete operation is lost");
        } catch (RuntimeException | AssertionError e) {
          throw new AssertionError(
              "cut before " + moment.nextStep() + ", state " + state + ": " + e.getMessage(), e);
        }
      }
    }
  }

  /** Fails unless a cut loses something: with the changed ports, the operation is not safe. */
  public void exploreUntilLoss() {
    Throwable found = assertThrows(Throwable.class, this::explore);
    assertTrue(
        found instanceof AssertionError || found instanceof BaseDiskException, found::toString);
  }

  private static List<Moment> record(Fleet home, Runnable work) {
    List<Moment> moments = new ArrayList<>();
    home.beforeEachStep(
        step -> moments.add(new Moment(step, home.disks.copy(), home.store.copy())));
    work.run();
    home.beforeEachStep(step -> {});
    return moments;
  }

  private boolean cut(Fleet cut) {
    cuts++;
    Fleet recovering = cut.with(change);
    List<Moment> moments = record(recovering, recovering.useCases::recover);
    for (int i = 0; i < secondCutsACut && !moments.isEmpty(); i++) {
      secondCuts++;
      Moment second = moments.get(random.nextInt(moments.size()));
      long state = random.nextLong(second.disks().powerCutStates());
      Fleet again = cut.afterPowerCut(second.disks(), second.store(), state).with(change);
      again.useCases.recover();
      operation.check(again);
    }
    boolean isComplete = operation.check(cut);
    complete += isComplete ? 1 : 0;
    return isComplete;
  }

  private long[] states(Moment moment) {
    long states = moment.disks().powerCutStates();
    return states <= statesAMoment
        ? IntStream.range(0, (int) states).asLongStream().toArray()
        : random.longs(statesAMoment, 0, states).toArray();
  }

  /** Returns what was tried, for a note. */
  @Override
  public String toString() {
    return "%d states, %d of them complete then, then %d in the recovery, seed %d"
        .formatted(cuts, complete, secondCuts, seed);
  }
}
