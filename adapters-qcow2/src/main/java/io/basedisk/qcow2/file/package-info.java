/**
 * The domain's file and lock ports, on the file systems of this machine.
 *
 * <p>{@link io.basedisk.qcow2.file.LocalDiskFiles} changes names, content and attributes of files,
 * durably. {@link io.basedisk.qcow2.file.FileImageLocks} finds the processes that use an image, and
 * keeps them out; {@link io.basedisk.qcow2.file.SoleUse} does the same for a change in place. Both
 * use {@link io.basedisk.qcow2.file.ImageProbe}, which knows QEMU's lock bytes; {@link
 * io.basedisk.qcow2.file.SharedProbes} lets threads of this process take turns at one. {@link
 * io.basedisk.qcow2.file.FileOperationLocks}, {@link io.basedisk.qcow2.file.FileStampFile} and
 * {@link io.basedisk.qcow2.file.FileSpaceReserve} each keep one small file in the home. System
 * calls go through {@link io.basedisk.qcow2.os.OperatingSystem}.
 *
 * <p>Start with the port that a class implements: its contract says what each method guarantees.
 */
@NullMarked
package io.basedisk.qcow2.file;

import org.jspecify.annotations.NullMarked;
