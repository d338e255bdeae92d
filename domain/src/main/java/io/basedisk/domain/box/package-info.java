/**
 * Boxes: creates, lists and removes them.
 *
 * <p>Start at {@link io.basedisk.domain.box.Boxes}, which embedders call: it claims the boxes and
 * lets the protocols of {@code io.basedisk.domain.protocol} do the steps. {@link
 * io.basedisk.domain.box.BoxDetails} is a box with the state of its container disk.
 */
@NullMarked
package io.basedisk.domain.box;

import org.jspecify.annotations.NullMarked;
