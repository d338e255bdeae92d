/**
 * Clones of boxes and of snapshots: one base, and an empty overlay of it for each new box.
 *
 * <p>Start at {@link io.basedisk.domain.clone.Clones}, which embedders call. It gets the base from
 * {@link io.basedisk.domain.base.NewBases} or a snapshot, and creates the boxes by {@link
 * io.basedisk.domain.box.Boxes}.
 */
@NullMarked
package io.basedisk.domain.clone;

import org.jspecify.annotations.NullMarked;
