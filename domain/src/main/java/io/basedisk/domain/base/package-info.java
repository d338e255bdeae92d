/**
 * Base disks: makes them of boxes' disks, finds and removes them, and checks them before an overlay
 * of one is made.
 *
 * <p>Start at {@link io.basedisk.domain.base.BaseDiskManager}, which embedders call. {@link
 * io.basedisk.domain.base.NewBases} makes a base by a fork or a copy. Before that, {@link
 * io.basedisk.domain.base.DiskInspection} checks that the disk is fit, {@link
 * io.basedisk.domain.base.DiskLineage} finds its base, and {@code ForeignRecords} records the
 * images outside the home that it backs onto. {@link io.basedisk.domain.base.BaseInspection} checks
 * a base and everything below it.
 */
@NullMarked
package io.basedisk.domain.base;

import org.jspecify.annotations.NullMarked;
