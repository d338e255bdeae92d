package io.basedisk.domain.model.intent;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import java.time.Instant;

/**
 * The intent of a growth of a disk.
 *
 * @param id id of the operation
 * @param box name of the box
 * @param disk the disk, which keeps its file
 * @param virtualSize the new virtual size
 * @param startedAt time at which the operation began, in whole seconds
 */
public record ResizeIntent(
    OperationId id, BoxClaim box, DiskClaim disk, ByteSize virtualSize, Instant startedAt)
    implements BoxIntent {

  @Override
  public Operation operation() {
    return Operation.RESIZE;
  }

  @Override
  public ImmutableList<DiskClaim> disks() {
    return ImmutableList.of(disk);
  }
}
