/**
 * Boxes: creates, lists, renames, forgets and removes them.
 *
 * <p>Start at {@code Boxes}, which embedders call. It has a class for each use case: {@code
 * NewBoxes}, {@code ImportBox}, {@code RenameBox}, {@code ForgetBox}, {@code RemoveBox} and {@code
 * BoxListing}. {@code NewBoxNames} checks that names are free. {@code BoxDetails} is a box with the
 * state of its container disk.
 */
@NullMarked
package io.basedisk.domain.box;

import org.jspecify.annotations.NullMarked;
