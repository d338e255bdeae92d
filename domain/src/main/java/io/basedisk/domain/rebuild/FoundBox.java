package io.basedisk.domain.rebuild;

import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DiskSlot;

/**
 * A box that can be recorded.
 *
 * @param box the record
 * @param below the chain of each disk that exists and can be read
 */
record FoundBox(Box box, ImmutableMap<DiskSlot, ChainToBases> below) {}
