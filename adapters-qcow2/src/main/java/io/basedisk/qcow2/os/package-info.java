/**
 * The operating system: the file and lock calls that Java lacks.
 *
 * <p>{@link io.basedisk.qcow2.os.OperatingSystem} is the interface. On Linux, {@link
 * io.basedisk.qcow2.os.LinuxSystem} implements it with calls of {@link io.basedisk.qcow2.os.LibC}
 * through JNA: {@link io.basedisk.qcow2.os.DirectPaths} opens paths without following symbolic
 * links. {@link io.basedisk.qcow2.os.Descriptor} has one method for each call on an open file,
 * {@link io.basedisk.qcow2.os.ExtendedAttributes} and {@link io.basedisk.qcow2.os.LinuxLocks} have
 * those for its attributes and locks, and {@link io.basedisk.qcow2.os.LinuxName} those on a name in
 * an open directory. Elsewhere, {@link io.basedisk.qcow2.os.PortableSystem} implements the
 * interface in pure Java, with fewer guarantees.
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
