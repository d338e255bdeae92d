package io.basedisk.domain.port;

import io.basedisk.domain.model.HomeLayout;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.random.RandomGenerator;

/**
 * The ports and settings that operations on a home need.
 *
 * @param home the paths of the home
 * @param store the home's records
 * @param stamp the number of the last write transaction, in a file outside the store
 * @param files file system operations
 * @param images disk images: headers, content, creation
 * @param locks which operations are alive
 * @param imageLocks which processes use an image
 * @param listener receives the events; its exceptions are ignored
 * @param clock the current time
 * @param random source of ids; must differ between processes, and between runs of a process
 * @param patience how long an operation waits for a box that another operation uses
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

  /**
   * Wraps the listener so that its exceptions are ignored.
   *
   * @param home see {@link #home}
   * @param store see {@link #store}
   * @param stamp see {@link #stamp}
   * @param files see {@link #files}
   * @param images see {@link #images}
   * @param locks see {@link #locks}
   * @param imageLocks see {@link #imageLocks}
   * @param listener see {@link #listener}
   * @param clock see {@link #clock}
   * @param random see {@link #random}
   * @param patience see {@link #patience}
   */
  public Ports {
    listener = EventListeners.contain(listener);
  }

  /**
   * Returns these ports with another store.
   *
   * @param other the store
   */
  public Ports withStore(BaseDiskStore other) {
    return new Ports(
        home, other, stamp, files, images, locks, imageLocks, listener, clock, random, patience);
  }

  /** Returns the current time, truncated to seconds as records keep it. */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
