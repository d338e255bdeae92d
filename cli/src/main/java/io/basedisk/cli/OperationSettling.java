package io.basedisk.cli;

import io.basedisk.cli.render.SettlementDocument;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.OperationId;

/** {@code basedisk doctor --settle}: gives up an operation that recovery can't settle. */
final class OperationSettling {

  private final Argument<OperationId> operation;
  private final Argument<Boolean> keepDisk;

  OperationSettling(Arguments takes) {
    this.operation =
        takes.option(
            "--settle",
            "OPERATION",
            OperationSettling::parse,
            "Settle an interrupted operation whose files don't match its plan, so that its box is"
                + " no longer busy. 'doctor' names such operations. Requires --keep-disk.");
    this.keepDisk =
        takes.flag(
            "--keep-disk",
            "With --settle: keep the disk as it is now. Files that the operation made stay as"
                + " orphans; 'gc --discard-orphans' deletes them.");
  }

  private static OperationId parse(String text) {
    try {
      long value = Long.parseLong(text);
      if (OperationId.isValid(value)) {
        return new OperationId(value);
      }
    } catch (NumberFormatException notANumber) {
      // The error below names it.
    }
    throw new InvalidArgumentException(
        "\"" + text + "\" is no operation: a number is expected, as 'basedisk doctor' prints it");
  }

  /** {@return whether --settle is given; --keep-disk alone is wrong usage} */
  boolean isGiven() {
    if (keepDisk.or(false) && !operation.isGiven()) {
      throw new InvalidArgumentException("--keep-disk requires --settle");
    }
    return operation.isGiven();
  }

  int run(RootCommand root, Confirmation confirmation) {
    if (!keepDisk.or(false)) {
      throw new InvalidArgumentException(
          "--settle requires --keep-disk: the disk stays as it is now");
    }
    OperationId id = operation.get();
    return root.run(
        disks -> {
          confirmation.require(
              () -> "give up operation " + id + ", and keep the disk of its box as it is now?");
          return new SettlementDocument(disks.doctor().settle(id));
        });
  }
}
