package io.basedisk.domain.model.intent;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import java.time.Instant;

/**
 * The intent of a removal of a box.
 *
 * @param id id of the operation
 * @param box name of the box
 * @param disks the removed disks, at most one of each slot
 * @param bases the bases below the disks
 * @param startedAt time at which the operation began, in whole seconds
 */
public record RemoveBoxIntent(
    OperationId id,
    BoxClaim box,
    ImmutableList<DiskClaim> disks,
    ImmutableSet<BaseDiskId> bases,
    Instant startedAt)
    implements BoxIntent {

  /**
   * Checks the values.
   *
   * @param id see {@link #id}
   * @param box see {@link #box}
   * @param disks see {@link #disks}
   * @param bases see {@link #bases}
   * @param startedAt see {@link #startedAt}
   * @throws IllegalArgumentException if the values contradict each other or are out of range
   */
  public RemoveBoxIntent {
    IntentChecks.requireOneEachSlot(disks.stream());
  }

  @Override
  public Operation operation() {
    return Operation.REMOVE_BOX;
  }
}
