/**
 * Snapshots of boxes: creates, lists, restores and removes them.
 *
 * <p>Start at {@code Snapshots}, which embedders call.
 */
@NullMarked
package io.basedisk.domain.snapshot;

import org.jspecify.annotations.NullMarked;
