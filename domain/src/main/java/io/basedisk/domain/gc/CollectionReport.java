package io.basedisk.domain.gc;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.KeepReason;

/**
 * The result of a collection, or of its plan.
 *
 * @param collected the deleted bases, children before parents
 * @param freedBytes space that their files occupied, in bytes
 * @param kept the examined bases that were kept, each with the reason
 */
public record CollectionReport(
    ImmutableList<BaseDiskId> collected,
    long freedBytes,
    ImmutableMap<BaseDiskId, KeepReason> kept) {}
