/**
 * Rebuilds a lost store from the files of its home.
 *
 * <p>Start at {@link io.basedisk.domain.rebuild.StoreRebuild}: it finds bases and boxes, plans
 * their records as a {@link io.basedisk.domain.rebuild.RebuildPlan}, and fills an empty store with
 * them. It changes no file. {@code BaseSearch} and {@code BoxSearch} find the files, and {@code
 * BackingReader} reads what they back onto. {@code HomeOrigin} finds the home's id and old path,
 * {@code BaseNames} names the bases, and {@code ParentFinder} finds parents, with {@code
 * ForeignBases} for files outside the home. {@code Omissions} collects what can't be recorded, and
 * the bases that must be held because of it. {@code PlanDraft} makes the records of all that.
 * {@link io.basedisk.domain.rebuild.StoreReplacement} puts the new store in the place of the old
 * one.
 */
@NullMarked
package io.basedisk.domain.rebuild;

import org.jspecify.annotations.NullMarked;
