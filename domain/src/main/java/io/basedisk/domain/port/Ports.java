package io.basedisk.domain.port;

import io.basedisk.domain.model.HomeLayout;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.random.RandomGenerator;

/**
 * Everything that the domain needs from outside.
 *
 * @param home where the files are
 * @param store the records
 * @param stamp the number of the store's last write transaction, outside of the store
 * @param files the steps that change files
 * @param images headers and new images
 * @param locks who is alive
 * @param imageLocks who has an image open
 * @param listener who is told what happened; what it throws goes no further
 * @param clock the time
 * @param random the source of ids; it must differ between processes, and between runs of one
 * @param patience how long an operation waits for a box on which another one is under way
 */
public record Ports(
    HomeLayout home,
    BaseDiskStore store,
    StampFile stamp,
    DiskFiles files,
    DiskImages images,
    OperationLocks locks,
    ImageLocks imageLocks,
    EventListener listener,
    InstantSource clock,
    RandomGenerator random,
    Duration patience) {

  public Ports {
    listener = EventListeners.contain(listener);
  }

  /** Returns the same ports with another store. */
  public Ports withStore(BaseDiskStore other) {
    return new Ports(
        home, other, stamp, files, images, locks, imageLocks, listener, clock, random, patience);
  }

  /** Returns the time as records keep it: to the second. */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
