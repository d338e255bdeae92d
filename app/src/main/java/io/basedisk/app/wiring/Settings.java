package io.basedisk.app.wiring;

import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.ForeignHomeReader;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OperationLocks;
import io.basedisk.domain.port.StampFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The builder's settings and replacements. A port is null if it has the standard adapter.
 *
 * @param home path of the home directory
 * @param use whether the home must exist already
 * @param store the store
 * @param stamp the stamp file
 * @param images the access to images
 * @param imageTools the tools for single image files
 * @param files the access to files
 * @param locks the operation locks
 * @param imageLocks the image locks
 * @param foreignHomes the reader of other programs' homes
 * @param unknownUsePolicy the policy to decide for the home; null to keep its decision
 * @param listener receives all events
 * @param clock the clock
 * @param random the source of random numbers
 * @param operationTimeout how long an operation waits for another one on the same box
 */
public record Settings(
    Path home,
    HomeUse use,
    @Nullable BaseDiskStore store,
    @Nullable StampFile stamp,
    @Nullable DiskImages images,
    @Nullable ImageTools imageTools,
    @Nullable DiskFiles files,
    @Nullable OperationLocks locks,
    @Nullable ImageLocks imageLocks,
    @Nullable ForeignHomeReader foreignHomes,
    @Nullable UnknownUsePolicy unknownUsePolicy,
    EventListener listener,
    @Nullable InstantSource clock,
    @Nullable RandomGenerator random,
    Duration operationTimeout) {

  /**
   * {@return the settings for a home that can't be opened, with the standard adapters}
   *
   * @param home path of the home directory
   * @param files the access to files; null for the standard one
   */
  public static Settings ofUnopened(Path home, @Nullable DiskFiles files) {
    return new Settings(
        home,
        HomeUse.EXISTING,
        null,
        null,
        null,
        null,
        files,
        null,
        null,
        null,
        null,
        EventListener.NONE,
        null,
        null,
        Duration.ZERO);
  }
}
