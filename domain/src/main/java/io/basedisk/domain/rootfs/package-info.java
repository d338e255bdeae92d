/**
 * The shared root file systems: a cache of bases, each found by a key.
 *
 * <p>Start at {@code RootfsCache}, which embedders call. It has a class for each use case: {@code
 * ImportRootfs} and {@code BuildRootfs}, which make entries through {@code NewRootfs}; {@code
 * AttachRootfs}; {@code PruneRootfs}. {@code RootfsEntries} reads and notes what the store has of
 * them.
 */
@NullMarked
package io.basedisk.domain.rootfs;

import org.jspecify.annotations.NullMarked;
