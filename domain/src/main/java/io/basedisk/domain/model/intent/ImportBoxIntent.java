package io.basedisk.domain.model.intent;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The intent of an import of an image as the disk of a new box.
 *
 * @param id id of the operation
 * @param newBox the new box
 * @param temporary temporary path of the new disk
 * @param startedAt time at which the operation began, in whole seconds
 */
public record ImportBoxIntent(OperationId id, NewBox newBox, Path temporary, Instant startedAt)
    implements NewDiskIntent {

  /**
   * Checks the values.
   *
   * @param id see {@link #id}
   * @param newBox see {@link #newBox}
   * @param temporary see {@link #temporary}
   * @param startedAt see {@link #startedAt}
   * @throws IllegalArgumentException if the values contradict each other or are out of range
   */
  public ImportBoxIntent {
    IntentChecks.requireBeside(newBox.disk(), temporary);
  }

  @Override
  public Operation operation() {
    return Operation.IMPORT_BOX;
  }

  @Override
  public Path disk() {
    return newBox.disk();
  }

  @Override
  public ImmutableList<Path> newDirectories() {
    return newBox.directories();
  }

  @Override
  public ImmutableList<BoxClaim> boxes() {
    return ImmutableList.of(newBox.claim());
  }

  @Override
  public ImmutableList<Path> createdFiles() {
    return ImmutableList.of(newBox.directory(), newBox.disksDir(), temporary, newBox.disk());
  }
}
