/**
 * Lineage: which bases and boxes stand on which base, by the records alone.
 *
 * <p>{@code Lineage} lists whole trees for people. {@code Ancestry} answers what operations ask:
 * the base of a disk, and the bases below a base.
 */
@NullMarked
package io.basedisk.domain.lineage;

import org.jspecify.annotations.NullMarked;
