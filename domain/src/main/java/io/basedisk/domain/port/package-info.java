/**
 * What the domain needs from outside, as contracts that an adapter implements.
 *
 * <p>The operations on a home use {@code BaseDiskStore} for records, {@code DiskFiles} and {@code
 * DiskImages} for files, {@code OperationLocks} and {@code ImageLocks} for who else is at work.
 * {@code Ports} has them all. {@code ImageTools} is apart: work on single image files, with or
 * without a home.
 *
 * <p>Start with {@code BaseDiskStore}, whose Javadoc follows a base from its fork to its deletion.
 * Its transactions have a part for each sort of record. {@code StoreView} offers them for reading
 * ({@code BaseView}, {@code BoxView}, ...), {@code StoreTransaction} for changes too ({@code
 * BaseRecords}, {@code BoxRecords}, ...).
 *
 * <p>Methods of a part are named alike: {@code find} returns an {@code Optional}, {@code list} a
 * list, {@code insert} adds a record that must be new, {@code put} replaces what is there, and
 * {@code delete} has no effect on what is not there.
 */
@NullMarked
package io.basedisk.domain.port;

import org.jspecify.annotations.NullMarked;
