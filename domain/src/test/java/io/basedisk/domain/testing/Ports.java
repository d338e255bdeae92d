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
 * The ports under the use cases of a test, so that a test can replace some of them.
 *
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

  /** Returns the time as records keep it. */
  public Instant now() {
    return RecordTimes.now(clock);
  }
}
