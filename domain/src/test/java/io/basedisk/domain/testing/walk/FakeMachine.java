package io.basedisk.domain.testing.walk;

import io.basedisk.domain.testing.InMemoryDisks;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;

/** A machine in memory: one file system and one clock, and homes by path. */
final class FakeMachine {

  final InMemoryDisks disks = new InMemoryDisks();
  private final Path scratch = Path.of("/scratch");
  private Consumer<String> beforeStep = step -> {};
  private int names;

  Instant now = Instant.ofEpochSecond(1_700_000_000);

  FakeMachine() {
    disks.withDirectory(scratch);
    disks.withDirectory(Path.of("/srv"));
    disks.beforeEachStep(this::step);
  }

  /** Returns a number that it has not returned before. */
  int next() {
    names++;
    return names;
  }

  Path freePath() {
    return scratch.resolve("free-" + next());
  }

  /** What a port tells before each step that changes something. */
  void step(String step) {
    beforeStep.accept(step);
  }

  void beforeEachStep(Consumer<String> action) {
    beforeStep = action;
  }
}
