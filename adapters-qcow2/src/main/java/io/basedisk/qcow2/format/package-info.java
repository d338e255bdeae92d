/**
 * The qcow2 format: one type for each on-disk structure of the specification, with its fields, its
 * limits and its bytes.
 *
 * <p>Each type names its section of the specification, which is QEMU's {@code docs/interop/qcow2}.
 * Nothing here does I/O: parsers read through {@link io.basedisk.qcow2.format.FileBytes}. A field
 * is checked before it sizes or addresses anything. Invalid content is a {@link
 * io.basedisk.qcow2.format.FormatException}; a caller that knows the file's name turns it into the
 * error that the user sees. All numbers are big-endian.
 *
 * <ul>
 *   <li>Header: {@link io.basedisk.qcow2.format.Header} with its {@link
 *       io.basedisk.qcow2.format.HeaderExtensions} and {@link
 *       io.basedisk.qcow2.format.FeatureBits}.
 *   <li>Guest mapping: {@link io.basedisk.qcow2.format.L1Entry} refers to an L2 table of {@link
 *       io.basedisk.qcow2.format.L2Entry}, which decodes to a {@link
 *       io.basedisk.qcow2.format.ClusterDescriptor}.
 *   <li>Refcounts: {@link io.basedisk.qcow2.format.RefcountTableEntry} refers to a {@link
 *       io.basedisk.qcow2.format.RefcountBlock}.
 *   <li>Internal snapshots and bitmaps: {@link io.basedisk.qcow2.format.SnapshotTable}, {@link
 *       io.basedisk.qcow2.format.BitmapDirectory}.
 * </ul>
 *
 * <p>Start with {@link io.basedisk.qcow2.format.Header#parse} and {@link
 * io.basedisk.qcow2.format.ClusterGeometry}, which holds all address arithmetic.
 */
@NullMarked
package io.basedisk.qcow2.format;

import org.jspecify.annotations.NullMarked;
