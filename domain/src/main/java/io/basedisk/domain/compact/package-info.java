/**
 * Compaction: merges the upper layers of a box's disk to shorten its chain.
 *
 * <p>Start at {@code Compactions}, which embedders call. {@code CompactBox} compacts one box,
 * {@code PlanCompaction} tells what that would do, {@code CompactAll} goes through all boxes with
 * either. {@code DeepDisks} finds out what a disk's chain is, and {@code CompactionPolicy} decides
 * which layers are merged. {@code RecordedChains} checks that headers and records agree on the
 * chain.
 */
@NullMarked
package io.basedisk.domain.compact;

import org.jspecify.annotations.NullMarked;
