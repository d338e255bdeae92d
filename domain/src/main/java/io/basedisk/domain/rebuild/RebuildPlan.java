package io.basedisk.domain.rebuild;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.Reference;

/**
 * The records of a new store, made from the files of a home. All paths are present paths.
 *
 * @param identity the home's id, and the path that the backing names in its files were written for,
 *     which is the old path if the home was moved or copied
 * @param bases the bases, each after its parent, otherwise the oldest first
 * @param fingerprints the size and time of each base's file, without a digest
 * @param boxes the boxes, ordered by name
 * @param references the nearest base below each disk
 * @param holds the holds for bases that may be needed without a record that says so, ordered by
 *     base
 * @param unknownNames the bases whose files do not tell their kind and name, and those whose name
 *     another base has, ordered by id
 * @param leftOut what is not recorded, or only in part, ordered by path
 */
public record RebuildPlan(
    HomeIdentity identity,
    ImmutableList<BaseDisk> bases,
    ImmutableMap<BaseDiskId, BaseFingerprint> fingerprints,
    ImmutableList<Box> boxes,
    ImmutableList<Reference> references,
    ImmutableList<Hold> holds,
    ImmutableList<BaseDiskId> unknownNames,
    ImmutableList<LeftOut> leftOut) {}
