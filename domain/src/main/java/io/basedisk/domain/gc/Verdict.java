package io.basedisk.domain.gc;

import io.basedisk.domain.model.KeepReason;

/** What the policy says of a base. */
public sealed interface Verdict {

  /** Nothing needs it: it goes. */
  record Collect() implements Verdict {}

  /** It stays, and why. */
  record Keep(KeepReason reason) implements Verdict {}
}
