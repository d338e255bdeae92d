package io.basedisk.domain.box;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import org.jspecify.annotations.Nullable;

/**
 * A box and what its container disk is.
 *
 * @param box its record
 * @param baseId the nearest base of its container disk; null where it stands on none
 * @param disk what the disk's headers say
 */
public record BoxDetails(Box box, @Nullable BaseDiskId baseId, DiskState disk) {

  /** What the headers of a disk and of its chain say. */
  public sealed interface DiskState {

    /**
     * A disk whose chain can be followed.
     *
     * @param virtualSize the bytes that its guest sees
     * @param depth the number of backing files below it
     */
    record Known(long virtualSize, int depth) implements DiskState {}

    /** A disk that is missing, or whose chain is broken, and why. */
    record Unknown(String reason) implements DiskState {}
  }
}
