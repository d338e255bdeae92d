/**
 * The cache of shared root file systems, each found by a key.
 *
 * <p>Start at {@link io.basedisk.domain.rootfs.RootfsCache}, which embedders call. An entry is a
 * base of kind {@code rootfs}. Each use case has a class: {@code ImportRootfs} and {@code
 * BuildRootfs} make entries through {@code NewRootfs}, {@code AttachRootfs} gives a box a disk on
 * one, and {@code PruneRootfs} evicts. {@code RootfsEntries} reads the entries from the store and
 * records their uses.
 */
@NullMarked
package io.basedisk.domain.rootfs;

import org.jspecify.annotations.NullMarked;
