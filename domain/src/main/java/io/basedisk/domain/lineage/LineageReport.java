package io.basedisk.domain.lineage;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.Hold;

/**
 * Trees of bases, with everything else that the store's records say about why a base stays. All
 * from one state of the store.
 *
 * @param trees the roots of the trees, newest first
 * @param baseless the boxes whose disks depend on no base, newest first
 * @param holds the holds on all bases of the store, ordered by base
 */
public record LineageReport(
    ImmutableList<Lineage.Node> trees, ImmutableList<BoxId> baseless, ImmutableList<Hold> holds) {}
