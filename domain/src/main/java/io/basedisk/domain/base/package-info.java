/**
 * Base disks: makes them of boxes' disks, finds and removes them, and checks them before a disk or
 * another base is made to stand on one.
 *
 * <p>Start at {@code BaseDiskManager}, which embedders call; it and the packages above use {@code
 * MakeBase}. {@code NewBases} makes a base by a fork or by a copy: {@code DiskInspection} and
 * {@code DiskLineage} look at the disk before, {@code NewBaseChecks} in the transaction that claims
 * it. {@code ForeignRecords} records images outside the home that the disk stands on. {@code
 * BaseInspection} checks a base and everything below it.
 */
@NullMarked
package io.basedisk.domain.base;

import org.jspecify.annotations.NullMarked;
