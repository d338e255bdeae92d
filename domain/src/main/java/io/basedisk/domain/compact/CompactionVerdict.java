package io.basedisk.domain.compact;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;

/** The policy's decision on a disk's chain. */
public sealed interface CompactionVerdict {

  /**
   * Merge the disk and the layers below it, down to a layer that becomes the backing file.
   *
   * @param kept number of the layer that becomes the backing file, counted from the disk, which is
   *     0
   * @param base the base that is this layer
   * @param merged the merged bases, top first
   * @param going number of merged bases that will be collected: the first ones
   * @param depth number of layers below the disk afterwards
   */
  record Merge(int kept, BaseDiskId base, ImmutableList<BaseDiskId> merged, int going, int depth)
      implements CompactionVerdict {}

  /**
   * Leave the chain as it is.
   *
   * @param reason why
   */
  record Leave(LeaveReason reason) implements CompactionVerdict {}
}
