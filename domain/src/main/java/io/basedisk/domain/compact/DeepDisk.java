package io.basedisk.domain.compact;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.chain.Layer;
import io.basedisk.domain.compact.CompactionVerdict.Merge;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.ChainFile;
import io.basedisk.domain.model.LayerMerge;
import io.basedisk.domain.model.intent.DiskClaim;

/**
 * A disk to compact, with the layers to merge.
 *
 * @param box the box
 * @param claim the claim on the disk
 * @param verdict the layers to merge
 * @param chain the layers, the disk first
 * @param bases the recorded bases below the disk, top first
 */
record DeepDisk(
    Box box,
    DiskClaim claim,
    Merge verdict,
    ImmutableList<Layer> chain,
    ImmutableList<BaseDisk> bases) {

  LayerMerge merge() {
    return new LayerMerge(
        chain.stream()
            .map(layer -> new ChainFile(layer.realPath(), layer.format(), layer.identity()))
            .collect(ImmutableList.toImmutableList()),
        verdict.kept());
  }

  int depth() {
    return chain.size() - 1;
  }
}
