/**
 * Ports: the interfaces to storage, files, images and locks that adapters implement.
 *
 * <p>The operations on a home use {@code BaseDiskStore} for records, {@code DiskFiles} and {@code
 * DiskImages} for files, {@code OperationLocks} to see which operations are alive, and {@code
 * ImageLocks} to see which VMs use a disk. {@code @Unguarded} marks the store that skips the checks
 * of the home. {@code ImageTools} is separate: it works on single image files and needs no home.
 * {@code EventListener} and {@code Progress} report to the embedder.
 *
 * <p>Start with {@code BaseDiskStore}, whose Javadoc follows a base from its fork to its deletion.
 * A transaction has a part for each kind of record: for reading in {@code StoreView} ({@code
 * BaseView}, {@code BoxView}, ...), for changes in {@code StoreTransaction} ({@code BaseRecords},
 * {@code BoxRecords}, ...). Then read {@code DiskFiles}: each protocol is a sequence of store
 * transactions and {@code DiskFiles} calls. For most ports, a test class named {@code ...Contract}
 * checks an implementation.
 *
 * <p>Parts share their verbs: {@code find} returns an {@code Optional}, {@code list} a list. {@code
 * insert} adds a new record, {@code put} adds or replaces one, and {@code delete} has no effect if
 * the record does not exist.
 */
@NullMarked
package io.basedisk.domain.port;

import org.jspecify.annotations.NullMarked;
