package io.basedisk.cli;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.UnknownUsePolicy;

/** The names of the policies for images whose use is unknown, as the command line has them. */
final class UnknownUsePolicyName {

  private UnknownUsePolicyName() {}

  /** Parses a name, or a policy's label in the store, which earlier versions used as its name. */
  static UnknownUsePolicy parse(String text) {
    return switch (text) {
      case "keep", "keep-everything" -> UnknownUsePolicy.KEEP;
      case "trust-caller" -> UnknownUsePolicy.TRUST_CALLER;
      default ->
          throw new InvalidArgumentException("'" + text + "' is neither keep nor trust-caller");
    };
  }
}
