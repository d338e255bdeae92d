package io.basedisk.domain.snapshot;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.snapshot.Snapshots.Pruned;
import io.basedisk.domain.snapshot.Snapshots.Removed;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import javax.inject.Inject;

/** Removes the snapshots of a box that a {@link Retention} does not keep. Thread-safe. */
final class PruneSnapshots {

  private final BaseDiskStore store;
  private final RemoveSnapshot removeSnapshot;

  @Inject
  PruneSnapshots(BaseDiskStore store, RemoveSnapshot removeSnapshot) {
    this.store = store;
    this.removeSnapshot = removeSnapshot;
  }

  /** Plans as {@link Snapshots#planPrune} does. */
  PrunePlan plan(BoxId box, Retention retention, ZoneId zone) {
    return store.read(
        view -> {
          RegisteredBoxes.require(view, box);
          return PrunePlan.of(
              box, view.bases().list(new BaseFilter(box, BaseDiskKind.SNAPSHOT)), retention, zone);
        });
  }

  /**
   * Removes as {@link Snapshots#prune} does. The oldest go first: after a power cut, the snapshots
   * that remain are the newer ones.
   */
  Pruned run(PrunePlan plan) {
    ImmutableList.Builder<SnapshotName> names = ImmutableList.builder();
    CollectionReport report = CollectionReport.NOTHING;
    for (Map.Entry<SnapshotName, BaseDiskId> old : plan.removed().entrySet().asList().reverse()) {
      InterruptedOperationException.throwIfInterrupted(
          () -> "box " + plan.box() + ": the removal of its snapshots was interrupted");
      Optional<Removed> removed =
          removeSnapshot.runIfUnchanged(plan.box(), old.getKey(), old.getValue());
      if (removed.isPresent()) {
        names.add(old.getKey());
        report = report.and(removed.get().report());
      }
    }
    return new Pruned(names.build().reverse(), report);
  }
}
