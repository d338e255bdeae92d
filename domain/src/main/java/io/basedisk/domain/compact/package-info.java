/**
 * Compaction: merges the upper layers of a box's disk to shorten its chain.
 *
 * <p>Start at {@code Compactions}, which embedders call. {@code RecordedChains} reads a disk's
 * chain, and checks that headers and records agree. {@code CompactionPolicy} decides from its
 * layers ({@code LayerBelow}) which of them are merged. {@code protocol.CompactProtocol} replaces
 * the disk, and {@code protocol.Collector} deletes the unneeded bases.
 */
@NullMarked
package io.basedisk.domain.compact;

import org.jspecify.annotations.NullMarked;
