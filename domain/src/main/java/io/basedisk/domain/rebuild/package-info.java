/**
 * A lost store, made anew from the files of its home.
 *
 * <p>{@code StoreRebuild} is the use case: it finds bases and boxes, plans their records and fills
 * an empty store with them. It changes no file. {@code BaseSearch} and {@code BoxSearch} find the
 * files, {@code Footings} reads what they back onto, {@code BaseNames} settles names, {@code
 * Family} parents.
 */
@NullMarked
package io.basedisk.domain.rebuild;

import org.jspecify.annotations.NullMarked;
