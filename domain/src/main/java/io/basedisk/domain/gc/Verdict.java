package io.basedisk.domain.gc;

import io.basedisk.domain.model.KeepReason;

/** The policy's decision on a base. */
public sealed interface Verdict {

  /** The base is unneeded: delete it. */
  record Collect() implements Verdict {}

  /**
   * Keep the base.
   *
   * @param reason why
   */
  record Keep(KeepReason reason) implements Verdict {}
}
