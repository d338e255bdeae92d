package io.basedisk.domain.image;

import java.util.OptionalLong;

/**
 * An internal snapshot, stored in the qcow2 image itself. The numbers are as stored, unchecked.
 *
 * @param id the snapshot's id, in QEMU a decimal number; for messages and listings only
 * @param name the snapshot's name; for messages and listings only
 * @param dateSeconds time at which the snapshot was taken, in seconds since 1970
 * @param dateNanoseconds fraction of a second to add to {@code dateSeconds}
 * @param vmClockNanoseconds run time of the guest until the snapshot
 * @param vmStateSize size of the VM state in bytes; 0 without one
 * @param virtualSize virtual size of the disk at that time, in bytes; empty if not stored
 * @param instructionCount icount of record and replay; empty if not stored
 */
public record InternalSnapshotInfo(
    String id,
    String name,
    long dateSeconds,
    long dateNanoseconds,
    long vmClockNanoseconds,
    long vmStateSize,
    OptionalLong virtualSize,
    OptionalLong instructionCount) {}
