package io.basedisk.domain.testing;

import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.OperationLocks;
import io.basedisk.domain.port.StampFile;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * The ports that a test binds in {@link UseCases}, the tests' Dagger component: mostly fakes. Each
 * {@code with} method returns a copy with one port replaced. No class under test receives this
 * record; Dagger injects the single ports.
 *
 * @param timeout how long an operation waits for another one on the same box
 */
public record BoundPorts(
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
    Duration timeout) {

  /** Returns the time as records keep it. */
  public Instant now() {
    return RecordTimes.now(clock);
  }

  public BoundPorts withStore(BaseDiskStore other) {
    return new BoundPorts(
        home, other, stamp, files, images, locks, imageLocks, listener, clock, random, timeout);
  }

  public BoundPorts withFiles(DiskFiles other) {
    return new BoundPorts(
        home, store, stamp, other, images, locks, imageLocks, listener, clock, random, timeout);
  }

  public BoundPorts withImages(DiskImages other) {
    return new BoundPorts(
        home, store, stamp, files, other, locks, imageLocks, listener, clock, random, timeout);
  }

  public BoundPorts withImageLocks(ImageLocks other) {
    return new BoundPorts(
        home, store, stamp, files, images, locks, other, listener, clock, random, timeout);
  }

  public BoundPorts withListener(EventListener other) {
    return new BoundPorts(
        home, store, stamp, files, images, locks, imageLocks, other, clock, random, timeout);
  }

  public BoundPorts withTimeout(Duration other) {
    return new BoundPorts(
        home, store, stamp, files, images, locks, imageLocks, listener, clock, random, other);
  }
}
