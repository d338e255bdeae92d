/**
 * The operating system: the file and lock calls that Java lacks.
 *
 * <p>{@link io.basedisk.qcow2.os.OperatingSystem} is the interface. On Linux, {@link
 * io.basedisk.qcow2.os.LinuxSystem} implements it with calls of {@link io.basedisk.qcow2.os.LibC}
 * through JNA: {@link io.basedisk.qcow2.os.DirectPaths} opens paths without following symbolic
 * links, and {@link io.basedisk.qcow2.os.Descriptor} has one method for each call on an open file.
 * Elsewhere, {@link io.basedisk.qcow2.os.PortableSystem} implements it in pure Java, with fewer
 * guarantees.
 *
 * <p>{@link io.basedisk.qcow2.os.FileProbe} says whether other processes have a file open. On Linux
 * it asks by locks and leases, and where a lease can't tell, it looks through the {@link
 * io.basedisk.qcow2.os.ProcessTable}.
 *
 * <p>Start with {@link io.basedisk.qcow2.os.OperatingSystem}: its contract says what each call
 * guarantees.
 */
@NullMarked
package io.basedisk.qcow2.os;

import org.jspecify.annotations.NullMarked;
