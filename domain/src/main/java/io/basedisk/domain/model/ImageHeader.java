package io.basedisk.domain.model;

import org.jspecify.annotations.Nullable;

/**
 * The fields of a qcow2 header that the domain needs.
 *
 * @param version qcow2 version, 2 or 3
 * @param virtualSize virtual size in bytes, 0 or more
 * @param backing the backing file; null if it has none
 * @param dirty whether the incompatible feature bit "dirty" is set: refcounts may be wrong
 * @param corrupt whether the incompatible feature bit "corrupt" is set
 * @param internalSnapshots number of internal snapshots
 * @param persistentBitmaps number of stored bitmaps
 */
public record ImageHeader(
    int version,
    long virtualSize,
    @Nullable BackingFile backing,
    boolean dirty,
    boolean corrupt,
    int internalSnapshots,
    int persistentBitmaps) {}
