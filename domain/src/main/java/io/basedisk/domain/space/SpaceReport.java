package io.basedisk.domain.space;

import com.google.common.collect.ImmutableList;

/**
 * The space of a home, or of one box and its bases.
 *
 * @param bases the bases, newest first
 * @param boxes the boxes, newest first
 * @param allocatedBytes space that all their files occupy, in bytes, with the files of deleting
 *     bases
 * @param reclaimableBytes bytes that a collection would free now, by the store's records and open
 *     files; a collection also reads every header, and keeps a base that an unrecorded file backs
 *     onto
 */
public record SpaceReport(
    ImmutableList<BaseSpace> bases,
    ImmutableList<BoxSpace> boxes,
    long allocatedBytes,
    long reclaimableBytes) {}
