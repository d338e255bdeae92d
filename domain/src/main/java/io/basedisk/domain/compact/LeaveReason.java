package io.basedisk.domain.compact;

import io.basedisk.domain.model.MaxDepth;

/** Why a disk's chain is left as it is. */
public sealed interface LeaveReason {

  /**
   * {@return the reason as a clause for a message: {@code its chain of 3 is not deeper than 32}}
   */
  String describe();

  /**
   * The chain is within the limit.
   *
   * @param depth depth of the chain
   * @param limit maximum depth
   */
  record ShortEnough(int depth, MaxDepth limit) implements LeaveReason {
    @Override
    public String describe() {
      return "its chain of " + depth + " is not deeper than " + limit.layers();
    }
  }

  /**
   * No lower layer is a base of this home that could become the backing file.
   *
   * @param depth depth of the chain
   */
  record NoBaseFurtherDown(int depth) implements LeaveReason {
    @Override
    public String describe() {
      return "no layer but the first of the " + depth + " below it is a base of this home";
    }
  }

  /**
   * Other disks, bases or snapshots need the layers, so that a copy would take additional space.
   *
   * @param bytes space of the copy, in bytes
   * @param layers number of layers that the merge would remove
   */
  record SharedLayersCostMore(long bytes, int layers) implements LeaveReason {
    @Override
    public String describe() {
      return "up to "
          + bytes
          + " bytes of shared layers would be copied to save "
          + layers
          + (layers == 1 ? " layer" : " layers");
    }
  }
}
