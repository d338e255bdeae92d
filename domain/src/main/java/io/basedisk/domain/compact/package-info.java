/**
 * The policy of compaction: from a disk's chain, and what else needs its layers, to what is to be
 * merged.
 */
@NullMarked
package io.basedisk.domain.compact;

import org.jspecify.annotations.NullMarked;
