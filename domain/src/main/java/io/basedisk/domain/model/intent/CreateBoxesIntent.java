package io.basedisk.domain.model.intent;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The intent of a creation of boxes with empty disks or overlays: all of them or none.
 *
 * @param id id of the operation
 * @param newBoxes the boxes, at least one
 * @param base the base that the disks are overlays of; null for empty disks
 * @param startedAt time at which the operation began, in whole seconds
 */
public record CreateBoxesIntent(
    OperationId id, ImmutableList<NewBox> newBoxes, @Nullable BaseDiskId base, Instant startedAt)
    implements Intent {

  /**
   * Checks the values.
   *
   * @param id see {@link #id}
   * @param newBoxes see {@link #newBoxes}
   * @param base see {@link #base}
   * @param startedAt see {@link #startedAt}
   * @throws IllegalArgumentException if the values contradict each other or are out of range
   */
  public CreateBoxesIntent {
    checkArgument(!newBoxes.isEmpty(), "operation %s must create a box", id);
  }

  @Override
  public Operation operation() {
    return Operation.CREATE_BOXES;
  }

  @Override
  public ImmutableList<BoxClaim> boxes() {
    return newBoxes.stream().map(NewBox::claim).collect(ImmutableList.toImmutableList());
  }

  @Override
  public ImmutableSet<BaseDiskId> bases() {
    return base == null ? ImmutableSet.of() : ImmutableSet.of(base);
  }

  @Override
  public ImmutableList<Path> createdFiles() {
    return newBoxes.stream()
        .flatMap(box -> Stream.of(box.directory(), box.disksDir(), box.disk()))
        .collect(ImmutableList.toImmutableList());
  }
}
