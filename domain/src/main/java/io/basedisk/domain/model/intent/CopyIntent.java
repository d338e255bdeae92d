package io.basedisk.domain.model.intent;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The intent of a copy of a disk to a base.
 *
 * @param id id of the operation
 * @param box name of the box
 * @param disk the disk to copy
 * @param base the base that the copy becomes
 * @param copy temporary path of the base's file
 * @param startedAt time at which the operation began, in whole seconds
 */
public record CopyIntent(
    OperationId id, BoxClaim box, DiskClaim disk, PlannedBase base, Path copy, Instant startedAt)
    implements NewBaseIntent {

  /**
   * Checks the values.
   *
   * @param id see {@link #id}
   * @param box see {@link #box}
   * @param disk see {@link #disk}
   * @param base see {@link #base}
   * @param copy see {@link #copy}
   * @param startedAt see {@link #startedAt}
   * @throws IllegalArgumentException if the values contradict each other or are out of range
   */
  public CopyIntent {
    IntentChecks.requireBeside(base.path(), copy);
  }

  @Override
  public Operation operation() {
    return Operation.COPY;
  }

  @Override
  public ImmutableList<Path> createdFiles() {
    return ImmutableList.of(base.path(), copy);
  }
}
