/** Clones of boxes and of snapshots: one base, and an empty overlay of it for each new box. */
@NullMarked
package io.basedisk.domain.clone;

import org.jspecify.annotations.NullMarked;
