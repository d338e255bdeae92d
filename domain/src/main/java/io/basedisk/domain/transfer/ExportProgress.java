package io.basedisk.domain.transfer;

import io.basedisk.domain.port.Progress;
import java.util.function.LongUnaryOperator;

/**
 * The progress of an export as one: of the copy of the disk, if one is made, then of reading bases.
 * Not thread-safe.
 */
final class ExportProgress {

  private final Progress target;
  private final LongUnaryOperator afterCopy;
  private long copied;

  /**
   * @param target receives the bytes of both
   * @param afterCopy the bytes to read after a copy of that many bytes
   */
  ExportProgress(Progress target, LongUnaryOperator afterCopy) {
    this.target = target;
    this.afterCopy = afterCopy;
  }

  /** {@return the progress of the copy} */
  Progress ofCopy() {
    return (done, total) -> {
      copied = total;
      target.at(done, total + afterCopy.applyAsLong(total));
    };
  }

  /** {@return the progress of reading} */
  Progress ofReading() {
    return (done, total) -> target.at(copied + done, copied + total);
  }
}
