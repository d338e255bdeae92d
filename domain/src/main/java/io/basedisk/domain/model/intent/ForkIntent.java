package io.basedisk.domain.model.intent;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The intent of a fork of a disk into a base and an overlay.
 *
 * @param id id of the operation
 * @param box name of the box
 * @param disk the disk to fork
 * @param base the base that the disk becomes
 * @param copy temporary path of the base's file, if the disk can't be linked
 * @param overlay temporary path of the overlay
 * @param rollbackLink second name of the old disk for rolling back, if a copy becomes the base
 * @param startedAt time at which the operation began, in whole seconds
 */
public record ForkIntent(
    OperationId id,
    BoxClaim box,
    DiskClaim disk,
    PlannedBase base,
    Path copy,
    Path overlay,
    Path rollbackLink,
    Instant startedAt)
    implements NewBaseIntent {

  /**
   * Checks the values.
   *
   * @param id see {@link #id}
   * @param box see {@link #box}
   * @param disk see {@link #disk}
   * @param base see {@link #base}
   * @param copy see {@link #copy}
   * @param overlay see {@link #overlay}
   * @param rollbackLink see {@link #rollbackLink}
   * @param startedAt see {@link #startedAt}
   * @throws IllegalArgumentException if the values contradict each other or are out of range
   */
  public ForkIntent {
    IntentChecks.requireBeside(base.path(), copy);
    IntentChecks.requireBeside(disk.path(), overlay);
    IntentChecks.requireBeside(disk.path(), rollbackLink);
  }

  @Override
  public Operation operation() {
    return Operation.FORK;
  }

  @Override
  public ImmutableList<Path> createdFiles() {
    return ImmutableList.of(base.path(), copy, overlay, rollbackLink);
  }
}
