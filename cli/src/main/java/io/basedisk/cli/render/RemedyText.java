package io.basedisk.cli.render;

import io.basedisk.domain.doctor.Remedy;
import io.basedisk.domain.error.HomeUnusableException.Problem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A remedy in words, with the command that does it where there is one. */
final class RemedyText {

  private RemedyText() {}

  static String of(Remedy remedy) {
    return remedy.describe()
        + Optional.ofNullable(commandOf(remedy)).map(command -> ": basedisk " + command).orElse("");
  }

  private static @Nullable String commandOf(Remedy remedy) {
    if (remedy instanceof Remedy.CompareContent) {
      return "doctor --deep --repair";
    }
    if (remedy instanceof Remedy.AcceptChanged accept) {
      return "doctor --repair --accept-changed " + accept.base();
    }
    if (remedy instanceof Remedy.DiscardOrphan) {
      return "gc --discard-orphans";
    }
    if (remedy instanceof Remedy.Settle settle) {
      return "doctor --settle " + settle.operation() + " --keep-disk";
    }
    return remedy instanceof Remedy.MendHome mend ? commandOf(mend.problem()) : null;
  }

  private static @Nullable String commandOf(Problem problem) {
    return switch (problem) {
      case ELSEWHERE, RELOCATING -> "home relocate";
      case OLDER_STORE, FOREIGN_STORE, LOST_STORE -> "doctor --rebuild";
      case READ_ONLY -> null;
    };
  }
}
