/**
 * The qcow2 format: one type for each structure of the specification (QEMU's {@code
 * docs/interop/qcow2}), its fields, its limits and its bytes.
 *
 * <p>Nothing here does I/O. What a file says is checked before it sizes or addresses anything; what
 * is not allowed is a {@link io.basedisk.qcow2.format.FormatException}, which whoever knows the
 * file's name turns into the error that the user sees. All numbers are big-endian.
 */
@NullMarked
package io.basedisk.qcow2.format;

import org.jspecify.annotations.NullMarked;
