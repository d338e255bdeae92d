/**
 * Base disks: makes them of boxes' disks, finds and removes them, and checks them before an overlay
 * of one is made.
 *
 * <p>Start at {@link io.basedisk.domain.base.BaseDiskManager}, which embedders call. It and the
 * packages above use {@code MakeBase}. {@code NewBases} makes a base by a fork or a copy. Before
 * that, {@code DiskInspection} checks that the disk is fit, {@code DiskLineage} finds its base, and
 * {@code ForeignRecords} records the images outside the home that it backs onto. {@code
 * NewBaseChecks} checks again in the transaction that claims the disk. {@code BaseInspection}
 * checks a base and everything below it.
 */
@NullMarked
package io.basedisk.domain.base;

import org.jspecify.annotations.NullMarked;
