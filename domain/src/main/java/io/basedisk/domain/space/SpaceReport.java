package io.basedisk.domain.space;

import com.google.common.collect.ImmutableList;

/**
 * Where the space went, in a home or in what one box needs of it.
 *
 * @param bases the bases, newest first
 * @param boxes the boxes, newest first
 * @param allocatedBytes the bytes that the files of all of them occupy, together with those of
 *     bases whose removal was interrupted
 * @param reclaimableBytes how many of these a collection would free now, as far as the store and
 *     open files tell; a collection also reads every header, and keeps a base that an unrecorded
 *     file backs onto
 */
public record SpaceReport(
    ImmutableList<BaseSpace> bases,
    ImmutableList<BoxSpace> boxes,
    long allocatedBytes,
    long reclaimableBytes) {}
