package io.basedisk.domain.protocol;

/** How an interrupted operation was settled. */
public sealed interface Settlement {

  /** The operation was rolled back: everything is as before. */
  record RolledBack() implements Settlement {}

  /** The operation was rolled forward: it is complete. */
  record RolledForward() implements Settlement {}

  /**
   * The files allow no verdict: they and the intent stay.
   *
   * @param reason why, as a clause for people
   */
  record Undecided(String reason) implements Settlement {}
}
