package io.basedisk.domain.snapshot;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSetMultimap;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import java.time.ZoneId;
import java.util.List;

/**
 * The snapshots of a box that a {@link Retention} keeps, and those to remove.
 *
 * @param box the box
 * @param removed the snapshots to remove, each with its base, newest first
 * @param kept the snapshots that stay, each with the rules that keep it, newest first
 */
public record PrunePlan(
    BoxId box,
    ImmutableMap<SnapshotName, BaseDiskId> removed,
    ImmutableMap<SnapshotName, ImmutableSet<Retention.Reason>> kept) {

  /**
   * Plans.
   *
   * @param newestFirst the bases of all snapshots of the box
   */
  static PrunePlan of(BoxId box, List<BaseDisk> newestFirst, Retention retention, ZoneId zone) {
    ImmutableSetMultimap<BaseDisk, Retention.Reason> stay =
        retention.kept(newestFirst, BaseDisk::createdAt, zone);
    ImmutableMap.Builder<SnapshotName, BaseDiskId> removed = ImmutableMap.builder();
    ImmutableMap.Builder<SnapshotName, ImmutableSet<Retention.Reason>> kept =
        ImmutableMap.builder();
    for (BaseDisk snapshot : newestFirst) {
      SnapshotName name = snapshot.snapshotName().orElseThrow();
      if (stay.containsKey(snapshot)) {
        kept.put(name, stay.get(snapshot));
      } else {
        removed.put(name, snapshot.id());
      }
    }
    return new PrunePlan(box, removed.buildOrThrow(), kept.buildOrThrow());
  }
}
