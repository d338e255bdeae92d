/**
 * Base disks: makes them of boxes' disks, finds and removes them, and checks them before anything
 * is made to stand on one.
 *
 * <p>Start at {@code BaseDiskManager}, which embedders call. {@code NewBases} makes a base by a
 * fork or by a copy, once {@code DiskInspection} and {@code DiskLineage} have found the disk fit
 * for it; {@code ForeignRecords} records images outside the home that the disk stands on. {@code
 * BaseInspection} checks a base and everything below it.
 */
@NullMarked
package io.basedisk.domain.base;

import org.jspecify.annotations.NullMarked;
