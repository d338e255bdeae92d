/**
 * Lineage: which bases and boxes need which base, from the store's records. No file is read.
 *
 * <p>{@code Lineage} returns whole trees of bases, with {@code BaseDetails} for each base, and a
 * {@code LineageReport} with the holds too. {@code Ancestry} returns the base of a disk and the
 * bases below a base, for operations.
 *
 * <p>Start with {@code Lineage}.
 */
@NullMarked
package io.basedisk.domain.lineage;

import org.jspecify.annotations.NullMarked;
