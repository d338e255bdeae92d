/**
 * Compaction: merges the upper layers of a box's disk to shorten its chain.
 *
 * <p>Start at {@code Compactions}, which embedders call. {@code CompactBox} compacts one box,
 * {@code PlanCompaction} predicts the result, and {@code CompactAll} does either for all boxes.
 * {@code DeepDisks} inspects a disk: {@code RecordedChains} reads its chain and checks that headers
 * and records agree, and {@code CompactionPolicy} decides which layers are merged.
 */
@NullMarked
package io.basedisk.domain.compact;

import org.jspecify.annotations.NullMarked;
