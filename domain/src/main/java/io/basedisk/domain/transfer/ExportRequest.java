package io.basedisk.domain.transfer;

import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.snapshot.Snapshots;
import org.jspecify.annotations.Nullable;

/**
 * What to export.
 *
 * @param box the box
 * @param snapshot the snapshot of it; null for its present state
 * @param mode how a base is made of the present state, unless the disk is an empty overlay
 * @param internals what to do if the disk has internal snapshots or bitmaps
 * @param platform what the disk runs on
 */
public record ExportRequest(
    BoxId box,
    @Nullable SnapshotName snapshot,
    Snapshots.Mode mode,
    InternalSnapshots internals,
    Platform platform) {}
