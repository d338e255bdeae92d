package io.basedisk.domain.home;

import io.basedisk.domain.error.RefusedException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/** Collects all reasons against a relocation before anything is changed. */
final class Problems {

  private final Set<String> found = new LinkedHashSet<>();

  void add(String problem) {
    found.add(problem);
  }

  /** Adds the message of an exception. */
  void add(RuntimeException failure) {
    found.add(String.valueOf(failure.getMessage()));
  }

  /**
   * Throws if a reason was added.
   *
   * @throws RefusedException with all reasons
   */
  void check(Path home) {
    if (!found.isEmpty()) {
      throw new RefusedException(
          home + " can't be relocated; nothing was changed: " + String.join("; ", found));
    }
  }
}
