package io.basedisk.domain.rebuild;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.rebuild.Footing.Broken;
import io.basedisk.domain.rebuild.Footing.OnBase;
import io.basedisk.domain.rebuild.Footing.OnOtherHome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a rebuild leaves out, and which bases may therefore be needed though no record will say so.
 * Not safe for many threads.
 */
final class Doubts {

  private final List<LeftOut> leftOut = new ArrayList<>();
  private final Set<BaseDiskId> needed = new HashSet<>();
  private boolean isAnyNeeded;

  /** Notes a file that is not recorded, or only in part. */
  void leaveOut(Path file, String why) {
    leftOut.add(new LeftOut(file, why, null));
  }

  /** Notes a file that is not recorded, or only in part, and what can be done about it. */
  void leaveOut(Path file, String why, Remedy remedy) {
    leftOut.add(new LeftOut(file, why, remedy));
  }

  /** Notes a file that is not recorded since an error was met. */
  void leaveOut(Path file, BaseDiskException fault) {
    leftOut.add(new LeftOut(file, String.valueOf(fault.getMessage()), fault.remedy().orElse(null)));
  }

  /** Notes that an image needs what is below it, and no record will say so. */
  void needs(Descent below) {
    if (below.end() instanceof OnBase base) {
      needs(base.id());
    } else if (below.end() instanceof OnOtherHome base) {
      needs(base.id());
    } else if (below.end() instanceof Broken) {
      needsAny();
    }
  }

  /** Notes that something may need a base, and no record will say so. */
  void needs(BaseDiskId base) {
    needed.add(base);
  }

  /** Notes that a chain can't be followed: it may lead to any base. */
  void needsAny() {
    isAnyNeeded = true;
  }

  /** Returns whether a base may be needed though no record says so. */
  boolean mayNeed(BaseDiskId base) {
    return isAnyNeeded || needed.contains(base);
  }

  /** Returns what is left out, ordered by path. */
  ImmutableList<LeftOut> leftOut() {
    return ImmutableList.sortedCopyOf(Comparator.comparing(LeftOut::file), leftOut);
  }
}
