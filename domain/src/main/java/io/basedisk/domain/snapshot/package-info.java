/**
 * Snapshots of boxes: creates, lists, restores and removes them.
 *
 * <p>Start at {@code Snapshots}, which embedders call. {@code base.MakeBase} creates one, {@code
 * RestoreSnapshot} and {@code RemoveSnapshot} do what their names say.
 */
@NullMarked
package io.basedisk.domain.snapshot;

import org.jspecify.annotations.NullMarked;
