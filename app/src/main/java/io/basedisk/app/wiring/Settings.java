package io.basedisk.app.wiring;

import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
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
 * What the builder was told: the home and whether to make it, the listener, and replacements for
 * ports, each null where the standard adapter is wanted; also null is what was not decided for the
 * home.
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
    @Nullable UnknownUsePolicy unknownUsePolicy,
    EventListener listener,
    @Nullable InstantSource clock,
    @Nullable RandomGenerator random,
    Duration patience) {}
