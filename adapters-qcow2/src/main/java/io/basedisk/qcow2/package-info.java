/**
 * The domain's ports for disk images and files, on qcow2 files of this machine.
 *
 * <p>{@link io.basedisk.qcow2.Qcow2DiskImages} implements the operations on a home, {@link
 * io.basedisk.qcow2.Qcow2ImageTools} the work on single image files. The packages below form
 * layers; each uses only the ones above it in this list:
 *
 * <ul>
 *   <li>{@code format}: the structures of the qcow2 specification, without I/O.
 *   <li>{@code os}: system calls that Java lacks.
 *   <li>{@code image}: open image files, and reads of a disk through its backing chain.
 *   <li>{@code file}: the domain's ports for durable files and locks.
 *   <li>{@code check}: check and repair of refcounts and tables.
 *   <li>{@code write}: writers of new images.
 *   <li>{@code operation}: convert, rebase, compare, map, measure, digest.
 *   <li>{@code guest}: a guest's writes, for the demonstration and for tests.
 * </ul>
 *
 * <p>Start with {@link io.basedisk.qcow2.Qcow2DiskImages}.
 */
@NullMarked
package io.basedisk.qcow2;

import org.jspecify.annotations.NullMarked;
