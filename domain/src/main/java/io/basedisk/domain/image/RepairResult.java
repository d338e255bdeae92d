package io.basedisk.domain.image;

/**
 * The result of a repair.
 *
 * @param before result of the check before the repair
 * @param after result of the check after the repair
 */
public record RepairResult(CheckResult before, CheckResult after) {

  /** {@return the number of repaired corruptions and check errors} */
  public long corruptionsFixed() {
    return Math.max(0, before.errors() - after.errors());
  }

  /** {@return the number of leaked clusters that were freed} */
  public long leaksFixed() {
    return after.complete() ? Math.max(0, before.leaks() - after.leaks()) : 0;
  }
}
