package io.basedisk.domain.compact;

import io.basedisk.domain.model.MaxDepth;

/** Why a disk's chain stays as it is. */
public sealed interface LeaveReason {

  /** Returns the reason as a clause for people: {@code its chain is short enough}. */
  String describe();

  /** It is not too deep. */
  record ShortEnough(int depth, MaxDepth limit) implements LeaveReason {
    @Override
    public String describe() {
      return "its chain of " + depth + " is not deeper than " + limit.layers();
    }
  }

  /** There is no base of this home further down on which the disk could stand. */
  record NoBaseFurtherDown(int depth) implements LeaveReason {
    @Override
    public String describe() {
      return "of the " + depth + " layers below it none but the first is a base of this home";
    }
  }

  /**
   * Other disks, or snapshots, need the layers: they would not go, and what is copied of them would
   * be there twice.
   *
   * @param bytes what these layers occupy
   * @param layers how many layers the chain would have less
   */
  record SharedLayersCostMore(long bytes, int layers) implements LeaveReason {
    @Override
    public String describe() {
      return "up to "
          + bytes
          + " bytes of layers that others need would be there twice, for "
          + layers
          + (layers == 1 ? " layer" : " layers")
          + " less";
    }
  }
}
