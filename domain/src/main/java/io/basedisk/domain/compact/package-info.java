/**
 * Compaction: merges the upper layers of a box's disk, so that its chain gets shorter.
 *
 * <p>Start at {@code Compactions}, which embedders call. {@code CompactionPolicy} decides which
 * layers are merged, from the disk's chain and from what else needs its layers. {@code
 * RecordedChains} finds that chain and checks that headers and records agree on it.
 */
@NullMarked
package io.basedisk.domain.compact;

import org.jspecify.annotations.NullMarked;
