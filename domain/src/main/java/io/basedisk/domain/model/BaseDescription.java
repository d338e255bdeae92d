package io.basedisk.domain.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The description of a base in an extended attribute of its file, for rebuilding a lost store. It
 * is only a hint, because the file's owner may have written it: never delete a file because of it.
 *
 * @param home the home that created the base
 * @param id id of the base
 * @param kind kind of the base
 * @param name name of the base; null if it has none
 * @param sourceBox the box whose disk became the base
 * @param parent the nearest base below it; null if there is none
 * @param createdAt time at which the base was recorded, in whole seconds
 */
public record BaseDescription(
    HomeId home,
    BaseDiskId id,
    BaseDiskKind kind,
    @Nullable SnapshotName name,
    BoxId sourceBox,
    @Nullable BaseDiskId parent,
    Instant createdAt) {}
