package io.basedisk.domain.protocol;

/** How an operation that stopped somewhere was settled. */
public sealed interface Settlement {

  /** It was undone: everything is as it was before. */
  record Back() implements Settlement {}

  /** It was completed. */
  record Forward() implements Settlement {}

  /** Its files allow no verdict: they stay as they are, and so does the intent. */
  record Undecided(String reason) implements Settlement {}
}
