package io.basedisk.domain.port;

import io.basedisk.domain.model.HomeLayout;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.random.RandomGenerator;

/**
 * Everything that the domain needs from outside.
 *
 * @param home where the files are
 * @param store the records
 * @param files the steps that change files
 * @param images headers and new images
 * @param locks who is alive
 * @param listener who is told what happened
 * @param clock the time
 * @param random the source of ids; it must differ between processes, and between runs of one
 */
public record Ports(
    HomeLayout home,
    BaseDiskStore store,
    DiskFiles files,
    DiskImages images,
    OperationLocks locks,
    EventListener listener,
    InstantSource clock,
    RandomGenerator random) {

  /** Returns the time as records keep it: to the second. */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
