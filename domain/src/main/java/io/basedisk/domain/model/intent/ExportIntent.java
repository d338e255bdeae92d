package io.basedisk.domain.model.intent;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import java.time.Instant;

/**
 * The intent of an export. It changes no file: it keeps the exported bases while they are read.
 *
 * @param id id of the operation
 * @param base the top base; its record keeps the bases below
 * @param startedAt time at which the operation began, in whole seconds
 */
public record ExportIntent(OperationId id, BaseDiskId base, Instant startedAt) implements Intent {

  @Override
  public Operation operation() {
    return Operation.EXPORT;
  }

  @Override
  public ImmutableSet<BaseDiskId> bases() {
    return ImmutableSet.of(base);
  }
}
