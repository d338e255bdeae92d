/**
 * The cache of shared root file systems, each found by a key.
 *
 * <p>Start at {@link io.basedisk.domain.rootfs.RootfsCache}, which embedders call. An entry is a
 * base of kind {@code rootfs}. {@link io.basedisk.domain.protocol.AddRootfsProtocol} adds one, and
 * {@link io.basedisk.domain.protocol.AttachRootfsProtocol} gives a box a disk on one. Entries leave
 * by removal, by eviction or when they are superseded.
 */
@NullMarked
package io.basedisk.domain.rootfs;

import org.jspecify.annotations.NullMarked;
