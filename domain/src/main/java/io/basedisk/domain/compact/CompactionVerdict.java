package io.basedisk.domain.compact;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;

/** What the policy says of a disk's chain. */
public sealed interface CompactionVerdict {

  /**
   * The disk and the layers below it become one, down to one that is kept.
   *
   * @param kept the number of the layer that the disk is to back onto, counted from the disk, which
   *     is 0
   * @param base the base that this layer is
   * @param merged the bases between the two, from the disk downwards
   * @param going how many of these will be collected: the first ones
   * @param depth how many layers the disk will have below it
   */
  record Merge(int kept, BaseDiskId base, ImmutableList<BaseDiskId> merged, int going, int depth)
      implements CompactionVerdict {}

  /** It stays as it is, and why. */
  record Leave(LeaveReason reason) implements CompactionVerdict {}
}
