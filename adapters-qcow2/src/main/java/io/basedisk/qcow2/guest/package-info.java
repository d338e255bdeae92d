/**
 * Writes to a disk as its guest would: {@link io.basedisk.qcow2.guest.GuestDisk} plays the virtual
 * machine, for the demonstration and for tests. No operation of basedisk uses it.
 *
 * <p>{@code GuestDisk} reads through the disk's chain, takes new clusters from {@code
 * HostAllocator}, and points to them in {@code WriteBackTables}, which keeps the order that a power
 * cut demands.
 */
@NullMarked
package io.basedisk.qcow2.guest;

import org.jspecify.annotations.NullMarked;
