/**
 * Errors: unchecked exceptions with one sealed superclass, {@code BaseDiskException}. Each direct
 * subclass is a kind of error that a caller can handle, and has an exit code on the command line.
 * Its subclasses carry details, for example the operation that holds a box.
 *
 * <p>{@code Remedy} says as data what to do about an error or a finding. {@code FileFailure} turns
 * the JDK's file exceptions into errors of this package.
 *
 * <p>Start with {@code BaseDiskException}.
 *
 * @serial exclude
 */
@NullMarked
package io.basedisk.domain.error;

import org.jspecify.annotations.NullMarked;
