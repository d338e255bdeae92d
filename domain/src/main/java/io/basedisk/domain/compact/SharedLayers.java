package io.basedisk.domain.compact;

/** What is to be done where a chain can't be short enough without a copy of layers that stay. */
public enum SharedLayers {
  /** They are copied, as few as will do: somebody has asked for this very disk to be shorter. */
  COPY,
  /** They are copied if that costs little for each layer that the chain has less. */
  COPY_IF_CHEAP
}
