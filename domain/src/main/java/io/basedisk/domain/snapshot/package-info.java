/**
 * Snapshots of boxes: creates, lists, restores and removes them.
 *
 * <p>Start at {@link io.basedisk.domain.snapshot.Snapshots}, which embedders call. It takes a
 * snapshot by {@link io.basedisk.domain.base.NewBases}, and restores one by {@code Restores}, which
 * performs {@link io.basedisk.domain.protocol.RestoreProtocol}.
 */
@NullMarked
package io.basedisk.domain.snapshot;

import org.jspecify.annotations.NullMarked;
