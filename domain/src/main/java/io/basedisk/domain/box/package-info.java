/**
 * Boxes: creates, lists and removes them.
 *
 * <p>Start at {@code Boxes}, which embedders call. {@code BoxDetails} is a box with the state of
 * its container disk.
 */
@NullMarked
package io.basedisk.domain.box;

import org.jspecify.annotations.NullMarked;
