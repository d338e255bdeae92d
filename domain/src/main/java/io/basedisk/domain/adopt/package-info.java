/**
 * Adopts trees of disk files that were there before basedisk.
 *
 * <p>Start at {@link io.basedisk.domain.adopt.Adoption}: it plans an adoption as an {@link
 * io.basedisk.domain.adopt.AdoptionPlan}, and carries the plan out. {@code TreeScan} finds the
 * files of a directory, {@code ImageGraph} connects them by their backing names and decides which
 * of them can be adopted, {@code BoxNames} names the boxes, and {@code HomePlacement} decides which
 * files move into the home. {@code AdoptionPlanner} makes the plan of all that. {@link
 * io.basedisk.domain.adopt.RecordedFiles} says what the store knows already.
 *
 * <p>{@link io.basedisk.domain.adopt.HomeAdoption} adopts the home of another program: it copies
 * the disks that the other database names. {@code ForeignFiles} finds their files, {@code
 * ForeignDisks} decides which of them can be copied, and {@code HomeAdoptionPlanner} makes the
 * plan, a {@link io.basedisk.domain.adopt.HomeAdoptionPlan}.
 */
@NullMarked
package io.basedisk.domain.adopt;

import org.jspecify.annotations.NullMarked;
