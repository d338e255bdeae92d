package io.basedisk.domain.testing.walk;

import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.testing.walk.FragileWorld.Interruption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Walks through a home and the latest copy of it. Between accidents, every step is held against the
 * model as strictly as in any walk; from an accident until it is remedied, nothing may be lost.
 */
final class AccidentWalker {

  private static final int MOST_KEPT = 4;
  private static final int MOST_ATTEMPTS = 5;
  private static final int MOST_STEPS = 40;

  private final int looksCloselyEvery;
  private final List<WalkedHome> homes = new ArrayList<>();
  private final Map<String, Integer> tally = new TreeMap<>();

  AccidentWalker(int looksCloselyEvery) {
    this.looksCloselyEvery = looksCloselyEvery;
  }

  /** Returns how often each accident happened, and each attempt succeeded and was refused. */
  Map<String, Integer> tally() {
    return tally;
  }

  void begin(FragileWorld empty) {
    WalkedHome home = new WalkedHome(empty, new FleetModel(), looksCloselyEvery);
    home.goOn();
    homes.add(home);
  }

  /** Takes one step in one of the homes; what was in the others must be there still. */
  void step(Random random, List<String> log) {
    WalkedHome home = homes.get(random.nextInt(homes.size()));
    int dice = random.nextInt(12);
    if (homes.size() > 1) {
      log.add("in " + home.world.home().home());
    }
    switch (dice) {
      case 0 -> keepSomething(home, random, log);
      case 1, 2 -> accident(home, random, log);
      case 3 -> interrupt(home, random, log);
      case 4 -> {
        if (random.nextInt(3) == 0) {
          copy(home, random, log);
        }
      }
      default -> home.walker.step(random, log);
    }
    checkOthers(home);
  }

  private void checkOthers(WalkedHome home) {
    for (WalkedHome other : homes) {
      if (!other.equals(home)) {
        other.checkNothingIsLost();
      }
    }
  }

  /** Removes everything from each home; each must be as it began then. */
  void removeEverything(List<String> log) {
    for (WalkedHome home : homes) {
      home.walker.removeEverything(log);
      checkOthers(home);
      home.model.clear();
    }
    homes.forEach(home -> home.world.close());
  }

  private void count(String what) {
    tally.merge(what, 1, Integer::sum);
  }

  // What an operator keeps.

  private static void keepSomething(WalkedHome home, Random random, List<String> log) {
    Scene scene = new Scene(home.world, home.model, random, "KEEP");
    if (home.model.boxes().isEmpty() || random.nextInt(3) == 0) {
      scene.isAbout("store");
      limit(home.stores, random);
      home.stores.add(home.world.backUpStore());
    } else {
      limit(home.disks, random);
      Accident.keepDisk(home, scene);
    }
    log.add(scene.description());
  }

  private static void limit(List<?> kept, Random random) {
    if (kept.size() == MOST_KEPT) {
      kept.remove(random.nextInt(kept.size()));
    }
  }

  // Accidents.

  private void accident(WalkedHome home, Random random, List<String> log) {
    Scene scene = new Scene(home.world, home.model, random, "");
    Accident accident = choose(home, scene, any -> true, random);
    Runnable undo = strike(accident, home, scene, log);
    if (accident.isOfHome()) {
      maybeAnother(home, random, log);
    }
    home.noteDamage();
    attempts(home, accident::allows, random, log);
    log.add("  remedied");
    undo.run();
    remedy(home, () -> {}, random, log);
  }

  private void maybeAnother(WalkedHome home, Random random, List<String> log) {
    if (random.nextInt(3) == 0) {
      Scene scene = new Scene(home.world, home.model, random, " and");
      strike(choose(home, scene, Accident::isOfHome, random), home, scene, log);
    }
  }

  private Runnable strike(Accident accident, WalkedHome home, Scene scene, List<String> log) {
    count(accident.name());
    scene.isAbout(accident);
    try {
      return accident.strike(home, scene);
    } finally {
      log.add(scene.description());
    }
  }

  private static Accident choose(
      WalkedHome home, Scene scene, Predicate<Accident> allowed, Random random) {
    List<Accident> possible =
        Arrays.stream(Accident.values())
            .filter(allowed)
            .filter(one -> one.isPossible(home, scene))
            .toList();
    int dice = random.nextInt(possible.stream().mapToInt(Accident::weight).sum());
    int i = 0;
    while (dice >= possible.get(i).weight()) {
      dice -= possible.get(i).weight();
      i++;
    }
    return possible.get(i);
  }

  private void remedy(WalkedHome home, Runnable onceUsable, Random random, List<String> log) {
    new Remedies(home, log).apply(onceUsable);
    home.checkNothingIsLost();
    home.walker.check(true, random);
  }

  /** Tries some commands, as long as the home can be opened. */
  private void attempts(
      WalkedHome home, Predicate<Attempt> allowed, Random random, List<String> log) {
    try {
      home.world.reopen();
    } catch (RefusedException | NotFoundException refused) {
      log.add("  can't be opened: " + refused.getMessage());
      home.checkNothingIsLost();
      return;
    }
    for (int left = random.nextInt(MOST_ATTEMPTS); left > 0; left--) {
      attempt(home, allowed, random, log);
    }
  }

  private void attempt(
      WalkedHome home, Predicate<Attempt> allowed, Random random, List<String> log) {
    Scene scene = new Scene(home.world, home.model, random, "  ");
    Attempt attempt = choose(scene, allowed, random);
    scene.isAbout(attempt);
    Deed deed = attempt.choose(scene);
    String outcome = "failed";
    try {
      deed.perform();
      outcome = "done";
    } catch (RefusedException
        | NotFoundException
        | InvalidImageException
        | AlreadyExistsException refused) {
      outcome = refused.getClass().getSimpleName() + ": " + refused.getMessage();
      count("refused");
    } finally {
      log.add(scene.description() + " " + outcome);
    }
    home.checkNothingIsLost();
    checkOthers(home);
  }

  private static Attempt choose(Scene scene, Predicate<Attempt> allowed, Random random) {
    List<Attempt> possible =
        Arrays.stream(Attempt.values())
            .filter(one -> one.isPossible(scene))
            .filter(allowed)
            .toList();
    return possible.get(random.nextInt(possible.size()));
  }

  // Interruptions.

  private void interrupt(WalkedHome home, Random random, List<String> log) {
    Scene scene = new Scene(home.world, home.model, random, "");
    Interruption how = scene.any(ImmutableList.copyOf(Interruption.values()));
    Attempt attempt = choose(scene, any -> true, random);
    int steps = random.nextInt(MOST_STEPS);
    scene.isAbout(how, steps, attempt);
    count(how.name());
    Deed deed = attempt.choose(scene);
    Optional<Throwable> failure = home.world.interrupt(how, steps, deed.run());
    log.add(scene.description() + failure.map(f -> " " + f).orElse(" done"));
    failure.ifPresent(f -> checkFailure(f, how));
    Runnable resolve =
        () -> {
          if (failure.isEmpty() || deed.isDone().getAsBoolean()) {
            deed.note().run();
          }
          home.checkNothingIsLost();
        };
    if (failure.isEmpty()) {
      resolve.run();
      remedy(home, () -> {}, random, log);
    } else {
      maybeAnother(home, random, log);
      remedy(home, resolve, random, log);
    }
  }

  private static void checkFailure(Throwable failure, Interruption how) {
    boolean isExpected =
        failure instanceof BaseDiskException
            || (how == Interruption.KILL && failure instanceof Interrupter.Killed);
    if (!isExpected) {
      throw new AssertionError("fails with " + Throwables.getStackTraceAsString(failure), failure);
    }
  }

  // Copies.

  /** Copies a home, tries what may be tried in the copy, and relocates it; both go on. */
  private void copy(WalkedHome original, Random random, List<String> log) {
    for (WalkedHome other : List.copyOf(homes)) {
      if (!other.equals(original)) {
        homes.remove(other);
        other.world.delete();
      }
    }
    FragileWorld world = original.world.copy();
    FleetModel model = original.model.copy();
    model.relocate(original.world.home().home(), world.home().home());
    WalkedHome copy = new WalkedHome(world, model, looksCloselyEvery);
    homes.add(copy);
    count("COPY");
    log.add("COPY to " + world.home().home());
    copy.noteDamage();
    attempts(copy, any -> true, random, log);
    remedy(copy, () -> {}, random, log);
  }
}
