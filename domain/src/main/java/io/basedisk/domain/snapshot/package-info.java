/**
 * Snapshots of boxes: creates, lists, restores and removes them.
 *
 * <p>Start at {@link io.basedisk.domain.snapshot.Snapshots}, which embedders call. It creates a
 * snapshot by {@code MakeBase} of the {@code base} package, restores by {@code RestoreSnapshot},
 * and removes by {@code RemoveSnapshot}. {@link io.basedisk.domain.snapshot.Retention} says which
 * snapshots stay when old ones are removed.
 */
@NullMarked
package io.basedisk.domain.snapshot;

import org.jspecify.annotations.NullMarked;
