package io.basedisk.domain.model;

import org.jspecify.annotations.Nullable;

/**
 * What the header of a qcow2 image says, as far as the domain needs it.
 *
 * @param version the qcow2 version, 2 or 3
 * @param virtualSize the bytes that a guest sees; 0 or more
 * @param backing the backing file; null where it has none
 * @param dirty whether the incompatible feature bit "dirty" is set: the refcounts may be wrong
 * @param corrupt whether the incompatible feature bit "corrupt" is set
 * @param internalSnapshots the number of snapshots inside the image
 * @param persistentBitmaps the number of bitmaps inside the image
 */
public record ImageHeader(
    int version,
    long virtualSize,
    @Nullable BackingFile backing,
    boolean dirty,
    boolean corrupt,
    int internalSnapshots,
    int persistentBitmaps) {}
