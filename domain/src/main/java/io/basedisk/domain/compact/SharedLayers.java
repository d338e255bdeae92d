package io.basedisk.domain.compact;

/** What to do if the depth limit can't be reached without copying shared layers. */
public enum SharedLayers {
  /** Copy as few shared layers as possible: the caller asked for this disk in particular. */
  COPY,
  /** Copy shared layers only if the cost for each removed layer is low. */
  COPY_IF_CHEAP
}
