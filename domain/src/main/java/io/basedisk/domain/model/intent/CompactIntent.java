package io.basedisk.domain.model.intent;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.FileVersion;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The intent of a compaction of a box's disk.
 *
 * @param id id of the operation
 * @param box name of the box
 * @param disk the replaced disk
 * @param version version of the disk before it was read; the operation fails if the disk has
 *     changed since
 * @param base the base that stays below the disk
 * @param image temporary path of the new image
 * @param rollbackLink second name of the old disk, for rolling back
 * @param startedAt time at which the operation began, in whole seconds
 */
public record CompactIntent(
    OperationId id,
    BoxClaim box,
    DiskClaim disk,
    FileVersion version,
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
   * @param version see {@link #version}
   * @param base see {@link #base}
   * @param image see {@link #image}
   * @param rollbackLink see {@link #rollbackLink}
   * @param startedAt see {@link #startedAt}
   * @throws IllegalArgumentException if the values contradict each other or are out of range
   */
  public CompactIntent {
    IntentChecks.requireBeside(disk.path(), image);
    IntentChecks.requireBeside(disk.path(), rollbackLink);
  }

  @Override
  public Operation operation() {
    return Operation.COMPACT;
  }

  @Override
  public ImmutableList<DiskClaim> dropped() {
    return ImmutableList.of();
  }
}
