package io.basedisk.domain.image;

import java.util.OptionalLong;

/**
 * An internal snapshot: one that is kept in the same qcow2 image. The numbers are what the image
 * says, not checked.
 *
 * @param id its id, in QEMU a decimal number; only to be shown
 * @param name its name; only to be shown
 * @param dateSeconds when it was taken, in seconds since 1970
 * @param dateNanoseconds the nanoseconds of that time besides
 * @param vmClockNanoseconds how long the guest had been running
 * @param vmStateSize the bytes of the VM's state; 0 if there is none
 * @param virtualSize the bytes that the disk had; empty if it is not noted
 * @param instructionCount the record-and-replay instruction count; empty if it is not noted
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
