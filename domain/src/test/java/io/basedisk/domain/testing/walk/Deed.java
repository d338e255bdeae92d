package io.basedisk.domain.testing.walk;

import java.util.function.BooleanSupplier;

/**
 * One command that may fail.
 *
 * @param run gives the command
 * @param note tells the model that the command was carried out
 * @param isDone returns whether it was, by the records: a command that fails may be complete all
 *     the same, by the recovery of the home
 */
record Deed(Runnable run, Runnable note, BooleanSupplier isDone) {

  /** Returns a command that changes nothing of what a model knows. */
  static Deed harmless(Runnable run) {
    return new Deed(run, () -> {}, () -> false);
  }

  /** Gives the command, and tells the model if that succeeds. */
  void perform() {
    run.run();
    note.run();
  }
}
