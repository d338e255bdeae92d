package io.basedisk.domain.rebuild;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.rebuild.BackingTarget.Broken;
import io.basedisk.domain.rebuild.BackingTarget.OnBase;
import io.basedisk.domain.rebuild.BackingTarget.OnOtherHome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects the files that a rebuild leaves out, and the bases that may be needed without a record
 * that says so. Not thread-safe.
 */
final class Omissions {

  private final List<LeftOut> leftOut = new ArrayList<>();
  private final Set<BaseDiskId> needed = new HashSet<>();
  private boolean isAnyNeeded;

  /** Adds a file that is not recorded, or only in part. */
  void leaveOut(Path file, String why) {
    leftOut.add(new LeftOut(file, why, null));
  }

  /** Adds a file that is not recorded, or only in part, with a remedy. */
  void leaveOut(Path file, String why, Remedy remedy) {
    leftOut.add(new LeftOut(file, why, remedy));
  }

  /** Adds a file that is not recorded because of an error. */
  void leaveOut(Path file, BaseDiskException fault) {
    leftOut.add(new LeftOut(file, String.valueOf(fault.getMessage()), fault.remedy().orElse(null)));
  }

  /** Adds the bases that an unrecorded image needs. */
  void needs(ChainToBases below) {
    if (below.end() instanceof OnBase base) {
      needs(base.id());
    } else if (below.end() instanceof OnOtherHome base) {
      needs(base.id());
    } else if (below.end() instanceof Broken) {
      needsAny();
    }
  }

  /** Adds a base that may be needed without a record that says so. */
  void needs(BaseDiskId base) {
    needed.add(base);
  }

  /** Adds all bases, because a chain that can't be read may need any of them. */
  void needsAny() {
    isAnyNeeded = true;
  }

  /** {@return whether a base may be needed without a record that says so} */
  boolean mayNeed(BaseDiskId base) {
    return isAnyNeeded || needed.contains(base);
  }

  /** {@return the files that are left out, ordered by path} */
  ImmutableList<LeftOut> leftOut() {
    return ImmutableList.sortedCopyOf(Comparator.comparing(LeftOut::file), leftOut);
  }
}
