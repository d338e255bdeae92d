package io.basedisk.domain.box;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.Cause;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import org.jspecify.annotations.Nullable;

/** The snapshots of a box whose record is about to go. */
final class SnapshotsOfBox {

  private SnapshotsOfBox() {}

  /**
   * {@return the snapshots of a box}
   *
   * @throws RefusedException if it has some, and they may not be dropped
   */
  static ImmutableList<BaseDisk> check(StoreView view, BoxId box, SnapshotsOnRemoval snapshots) {
    ImmutableList<BaseDisk> found = view.bases().list(new BaseFilter(box, BaseDiskKind.SNAPSHOT));
    if (!found.isEmpty() && snapshots == SnapshotsOnRemoval.REFUSE) {
      throw new RefusedException(
          "box " + box + " has snapshots: " + namesOf(found),
          new Remedy.RemoveSnapshotsToo(box.value()));
    }
    return found;
  }

  /**
   * Turns the snapshots of a box into clone bases, which go once they are unneeded, and returns
   * them.
   *
   * @throws RefusedException as {@link #check}
   */
  static ImmutableList<BaseDisk> drop(
      StoreTransaction tx, BoxId box, SnapshotsOnRemoval snapshots) {
    ImmutableList<BaseDisk> dropped = check(tx, box, snapshots);
    for (BaseDisk snapshot : dropped) {
      tx.bases().demoteToCloneBase(snapshot.id());
      tx.pendingDeletes().insertCollectPending(snapshot.id());
    }
    return dropped;
  }

  /**
   * {@return the changes by {@link #drop}}
   *
   * @param cause the operation that drops the snapshots; null for none
   */
  static ImmutableList<LoggedChange> logged(
      ImmutableList<BaseDisk> dropped, @Nullable Cause cause) {
    return dropped.stream()
        .map(snapshot -> LoggedChange.of(LogEvent.SNAPSHOT_REMOVED, snapshot).causedBy(cause))
        .collect(ImmutableList.toImmutableList());
  }

  private static String namesOf(ImmutableList<BaseDisk> snapshots) {
    return Joiner.on(", ")
        .join(snapshots.stream().map(s -> s.name() == null ? s.id() : s.name()).iterator());
  }
}
