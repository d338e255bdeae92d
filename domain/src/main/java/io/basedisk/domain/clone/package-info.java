/**
 * Clones of boxes and of snapshots: one base, and an empty overlay of it for each new box.
 *
 * <p>Start at {@link io.basedisk.domain.clone.Clones}, which embedders call. It takes the
 * snapshot's base, or gets one by {@code MakeBase} of the {@code base} package, and creates the
 * boxes by {@code NewBoxes} of the {@code box} package.
 */
@NullMarked
package io.basedisk.domain.clone;

import org.jspecify.annotations.NullMarked;
