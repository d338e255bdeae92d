package io.basedisk.domain.testing.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.doctor.Doctor;
import io.basedisk.domain.doctor.Finding;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.home.HomeRelocation.Relocated;
import io.basedisk.domain.testing.walk.FleetModel.ModelBox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the documentation tells an operator to do, until the home is as any other. */
final class Remedies {

  /** A rebuild may need a relocation after it, or the other way round. */
  private static final int ENOUGH = 4;

  /** No orphan is younger than that. */
  private static final Duration LONG = Duration.ofDays(30);

  private final WalkedHome home;
  private final List<String> log;

  Remedies(WalkedHome home, List<String> log) {
    this.home = home;
    this.log = log;
  }

  /**
   * Makes the home usable again, and takes into the model what the files could not tell.
   *
   * @param onceUsable what the model needs to be told before it is compared
   */
  void apply(Runnable onceUsable) {
    Optional<HomeUnusableException> problem = problem();
    for (int i = 0; problem.isPresent(); i++) {
      if (i == ENOUGH) {
        throw new AssertionError("no remedy helps", problem.get());
      }
      remedy(problem.get());
      problem = problem();
    }
    onceUsable.run();
    home.world.doctor().repair(Doctor.Depth.CONTENT);
    home.world.garbageCollection().collect(new GarbageCollection.Scope(true, null));
    discardOrphans();
    ImmutableList<Finding> findings = home.world.doctor().examine(Doctor.Depth.CONTENT).findings();
    assertEquals(ImmutableList.of(), findings, "findings after the repair");
    home.model.takeRecords(home.world);
    home.goOn();
  }

  /** What an interrupted operation left whose intent an older store does not have, for example. */
  private void discardOrphans() {
    ImmutableList<Path> orphans =
        home.world.garbageCollection().plan(GarbageCollection.Scope.DEFAULT).orphans();
    assertEquals(
        ImmutableList.of(),
        orphans.stream().filter(home::needs).toList(),
        "bases and boxes that are orphans after the repair");
    if (!orphans.isEmpty()) {
      home.world.sleep(LONG);
      home.world.garbageCollection().collect(new GarbageCollection.Scope(false, Duration.ZERO));
      log.add("  discarded " + orphans);
    }
  }

  /** Returns what a command that changes something says. */
  private Optional<HomeUnusableException> problem() {
    try {
      home.world.reopen();
      home.world.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);
      return Optional.empty();
    } catch (HomeUnusableException unusable) {
      return Optional.of(unusable);
    }
  }

  private void remedy(HomeUnusableException unusable) {
    log.add("  " + unusable.problem() + ": " + unusable.getMessage());
    switch (unusable.problem()) {
      case ELSEWHERE, RELOCATING -> relocate();
      case FOREIGN_STORE, LOST_STORE, OLDER_STORE -> rebuild();
      case READ_ONLY -> throw unusable;
    }
  }

  /** An older store can't be used to relocate anything; it is made anew first. */
  private void relocate() {
    try {
      Relocated relocated = home.world.relocate();
      relocated.leftOut().forEach(home.model::leaveOut);
      log.add("  relocated from " + relocated.from() + ", without " + relocated.leftOut());
    } catch (RefusedException refused) {
      log.add("  not relocated: " + refused.getMessage());
      rebuild();
    }
  }

  private void rebuild() {
    ImmutableList<Path> elsewhere =
        home.model.boxes().stream()
            .map(ModelBox::disksDir)
            .filter(directory -> !directory.startsWith(home.world.home().home()))
            .collect(ImmutableList.toImmutableList());
    home.world.rebuild(elsewhere);
    log.add("  rebuilt, with " + elsewhere);
  }
}
