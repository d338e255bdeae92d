/**
 * What the domain needs from outside, as contracts that an adapter implements.
 *
 * <p>The operations on a home use {@code BaseDiskStore} for records, {@code DiskFiles} and {@code
 * DiskImages} for files, {@code OperationLocks} and {@code ImageLocks} for who else is at work.
 * {@code Ports} has them all. {@code ImageTools} is apart: work on single image files, with or
 * without a home.
 */
@NullMarked
package io.basedisk.domain.port;

import org.jspecify.annotations.NullMarked;
