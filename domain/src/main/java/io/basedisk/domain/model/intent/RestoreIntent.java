package io.basedisk.domain.model.intent;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * The intent of a restore of a box to one of its snapshots.
 *
 * @param id id of the operation
 * @param box name of the box
 * @param disk the replaced disk
 * @param dropped the other disks of the box, which are removed
 * @param base the snapshot
 * @param image temporary path of the new image
 * @param rollbackLink second name of the old disk, for rolling back
 * @param startedAt time at which the operation began, in whole seconds
 */
public record RestoreIntent(
    OperationId id,
    BoxClaim box,
    DiskClaim disk,
    ImmutableList<DiskClaim> dropped,
    BaseDiskId base,
    Path image,
    Path rollbackLink,
    Instant startedAt)
    implements ReplaceDiskIntent {

  /**
   * Checks the values.
   *
   * @param id see {@link #id}
   * @param box see {@link #box}
   * @param disk see {@link #disk}
   * @param dropped see {@link #dropped}
   * @param base see {@link #base}
   * @param image see {@link #image}
   * @param rollbackLink see {@link #rollbackLink}
   * @param startedAt see {@link #startedAt}
   * @throws IllegalArgumentException if the values contradict each other or are out of range
   */
  public RestoreIntent {
    IntentChecks.requireBeside(disk.path(), image);
    IntentChecks.requireBeside(disk.path(), rollbackLink);
    IntentChecks.requireOneEachSlot(Stream.concat(Stream.of(disk), dropped.stream()));
  }

  @Override
  public Operation operation() {
    return Operation.RESTORE;
  }
}
