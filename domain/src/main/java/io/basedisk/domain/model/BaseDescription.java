package io.basedisk.domain.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a base's file says of itself, so that a lost store can be made anew. It is a hint that any
 * owner of the file may have written: it is never a reason to delete anything.
 *
 * @param home the home that made the base
 * @param id the base
 * @param kind why it exists
 * @param name its name; null where it has none
 * @param sourceBox the box that it was made of
 * @param parent the base that it stands on; null where it stands on none
 * @param createdAt when it was recorded, to the second
 */
public record BaseDescription(
    HomeId home,
    BaseDiskId id,
    BaseDiskKind kind,
    @Nullable SnapshotName name,
    BoxId sourceBox,
    @Nullable BaseDiskId parent,
    Instant createdAt) {}
