package io.basedisk.domain.home;

import io.basedisk.domain.error.RefusedException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/** What keeps a home from being relocated: all of it, found before anything is changed. */
final class Problems {

  private final Set<String> found = new LinkedHashSet<>();

  void add(String problem) {
    found.add(problem);
  }

  /** Adds what an exception says. */
  void add(RuntimeException failure) {
    found.add(String.valueOf(failure.getMessage()));
  }

  /**
   * @throws RefusedException if there is any, which names all
   */
  void check(Path home) {
    if (!found.isEmpty()) {
      throw new RefusedException(
          home + " can't be relocated, nothing was changed: " + String.join("; ", found));
    }
  }
}
