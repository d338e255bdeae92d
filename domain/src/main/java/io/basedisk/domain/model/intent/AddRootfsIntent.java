package io.basedisk.domain.model.intent;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RootfsKey;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The intent of an addition to the rootfs cache.
 *
 * @param id id of the operation
 * @param baseId id of the entry's base
 * @param file path of the base's file
 * @param key key of the entry
 * @param temporary temporary path of the base's file
 * @param startedAt time at which the operation began, in whole seconds
 */
public record AddRootfsIntent(
    OperationId id, BaseDiskId baseId, Path file, RootfsKey key, Path temporary, Instant startedAt)
    implements Intent {

  /**
   * Checks the values.
   *
   * @param id see {@link #id}
   * @param baseId see {@link #baseId}
   * @param file see {@link #file}
   * @param key see {@link #key}
   * @param temporary see {@link #temporary}
   * @param startedAt see {@link #startedAt}
   * @throws IllegalArgumentException if the values contradict each other or are out of range
   */
  public AddRootfsIntent {
    IntentChecks.requireBeside(file, temporary);
  }

  @Override
  public Operation operation() {
    return Operation.ADD_ROOTFS;
  }

  /** {@return the entry's base} Its parent is unknown until its file is complete. */
  public PlannedBase base() {
    return new PlannedBase(baseId, file, BoxId.GLOBAL, key, BaseDiskKind.ROOTFS, null);
  }

  @Override
  public Optional<PlannedBase> plannedBase() {
    return Optional.of(base());
  }

  @Override
  public ImmutableList<Path> createdFiles() {
    return ImmutableList.of(temporary, file);
  }
}
