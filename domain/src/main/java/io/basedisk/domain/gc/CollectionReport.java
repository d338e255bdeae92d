package io.basedisk.domain.gc;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.KeepReason;

/**
 * What a collection did, or would do.
 *
 * @param collected the bases that went, in that order
 * @param freedBytes the bytes that their files occupied
 * @param kept the bases that were looked at and stay, with the reason
 */
public record CollectionReport(
    ImmutableList<BaseDiskId> collected,
    long freedBytes,
    ImmutableMap<BaseDiskId, KeepReason> kept) {}
