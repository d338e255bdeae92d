package io.basedisk.domain.box;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import org.jspecify.annotations.Nullable;

/**
 * A box and the state of its container disk.
 *
 * @param box its record
 * @param baseId the nearest base of its container disk; null for none
 * @param disk the state by the disk's headers
 */
public record BoxDetails(Box box, @Nullable BaseDiskId baseId, DiskState disk) {

  /** The state of a disk, by its header and those of its chain. */
  public sealed interface DiskState {

    /**
     * A disk whose chain can be read.
     *
     * @param virtualSize the bytes that its guest sees
     * @param depth the number of backing files below it
     */
    record Known(long virtualSize, int depth) implements DiskState {}

    /**
     * A disk that is missing, or whose chain is broken.
     *
     * @param reason why, as a clause for people
     */
    record Unknown(String reason) implements DiskState {}
  }
}
