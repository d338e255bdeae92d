/**
 * A guest's writes to a disk, for the demonstration and for tests. No operation of basedisk uses
 * this package.
 *
 * <p>{@link io.basedisk.qcow2.guest.GuestDisk} plays the virtual machine: it reads through the
 * disk's chain, gets new clusters from {@link io.basedisk.qcow2.guest.HostAllocator}, and sets
 * their entries in {@link io.basedisk.qcow2.guest.WriteBackTables}, which flushes in an order that
 * survives a power cut.
 *
 * <p>Start with {@link io.basedisk.qcow2.guest.GuestDisk#open}.
 */
@NullMarked
package io.basedisk.qcow2.guest;

import org.jspecify.annotations.NullMarked;
