package io.basedisk.domain.image;

/**
 * The result of a repair.
 *
 * @param before what the check before it found
 * @param after what the check after it found
 */
public record RepairResult(CheckResult before, CheckResult after) {

  /** Returns how many corruptions and errors of the check are gone. */
  public long corruptionsFixed() {
    return Math.max(0, before.errors() - after.errors());
  }

  /** Returns how many leaked clusters are free now. */
  public long leaksFixed() {
    return after.complete() ? Math.max(0, before.leaks() - after.leaks()) : 0;
  }
}
