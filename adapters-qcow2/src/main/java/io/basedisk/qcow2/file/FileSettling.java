package io.basedisk.qcow2.file;

import com.google.common.util.concurrent.Uninterruptibles;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.qcow2.os.OperatingSystem;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Waits until every further change of a file shows in its modification time. */
final class FileSettling {

  /**
   * Longest time during which further changes of a file may leave its modification time the same.
   * File systems use the kernel's coarse clock, with ticks of at most 10 ms. This is twice that.
   */
  private static final Duration TICK_OF_FRACTIONS = Duration.ofMillis(20);

  /** The same for times in whole seconds. FAT, the coarsest, has ticks of 2 s. */
  private static final Duration TICK_OF_WHOLE_SECONDS = Duration.ofMillis(2_020);

  private static final Duration LONGEST_SETTLING = Duration.ofSeconds(10);

  private final FileSync sync;
  private final ExpectedFiles expected;

  FileSettling(OperatingSystem system, FileSync sync) {
    this.sync = sync;
    this.expected = new ExpectedFiles(system);
  }

  /**
   * Makes a file durable, and waits.
   *
   * @return the status after which a change shows
   * @throws RefusedException if the file keeps changing
   */
  FileStatus settledStatus(Path file) {
    sync.one(file);
    Instant end = Instant.now().plus(LONGEST_SETTLING);
    FileStatus status = expected.regularFile("look at " + file, file);
    while (true) {
      Duration tick = tickOf(status.modifiedAt());
      Instant now = Instant.now();
      // Subtract from now; adding to the file's time could overflow, as its owner can set any time.
      if (now.minus(tick).isAfter(status.modifiedAt())) {
        return status;
      }
      if (now.isAfter(end)) {
        throw new RefusedException(file + ": keeps changing");
      }
      Uninterruptibles.sleepUninterruptibly(tick);
      FileStatus later = expected.regularFile("look at " + file, file);
      if (later.version().equals(status.version())) {
        // A full tick has passed, so this holds for a time in the future too.
        return later;
      }
      sync.one(file);
      status = later;
    }
  }

  private static Duration tickOf(Instant time) {
    return time.equals(time.truncatedTo(ChronoUnit.SECONDS))
        ? TICK_OF_WHOLE_SECONDS
        : TICK_OF_FRACTIONS;
  }
}
