package io.basedisk.cli;

import io.basedisk.domain.error.RefusedException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The question whether a command may drop what it is about to drop. It is put to a user on a
 * terminal only, so that scripts run as they are: not without a terminal, not with {@code --json},
 * and not with {@code --yes}.
 */
final class Confirmation {

  private final RootCommand root;
  private final Argument<Boolean> yes;

  Confirmation(RootCommand root, Arguments takes) {
    this.root = root;
    this.yes =
        takes.flag(
            "--yes",
            "Do not ask. Without this option, the command says on a terminal what it will drop, and"
                + " asks. It never asks with --json, or if standard input or standard error is no"
                + " terminal.");
  }

  /** {@return whether a question is asked at all} */
  boolean isAsked() {
    return !yes.or(false) && !root.json() && root.console().canAsk();
  }

  /**
   * Asks, if there is a user to ask, and something to ask about.
   *
   * @param isDropping whether the command drops something; only computed if it is asked. If not,
   *     the command fails by itself.
   * @param question says what is dropped; only computed if it is asked
   * @throws RefusedException if the user does not agree
   */
  void requireIf(BooleanSupplier isDropping, Supplier<String> question) {
    if (isAsked() && isDropping.getAsBoolean()) {
      require(question);
    }
  }

  /**
   * Asks, if there is a user to ask.
   *
   * @param question says what is dropped; only computed if it is asked
   * @throws RefusedException if the user does not agree
   */
  void require(Supplier<String> question) {
    if (isAsked() && !root.console().confirm(question.get()).orElse(true)) {
      throw new RefusedException("not confirmed; nothing was changed");
    }
  }
}
