package io.basedisk.domain.model.intent;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The intent of an import of an artifact as a new box.
 *
 * @param id id of the operation
 * @param newBox the new box
 * @param newBases the bases that the import creates, each after the base below it
 * @param bases the recorded bases that the import keeps: a base that was there before, and those of
 *     {@code newBases} that are recorded already
 * @param startedAt time at which the operation began, in whole seconds
 */
public record ImportArtifactIntent(
    OperationId id,
    NewBox newBox,
    ImmutableList<NewBaseFile> newBases,
    ImmutableSet<BaseDiskId> bases,
    Instant startedAt)
    implements Intent {

  @Override
  public Operation operation() {
    return Operation.IMPORT_ARTIFACT;
  }

  @Override
  public ImmutableList<BoxClaim> boxes() {
    return ImmutableList.of(newBox.claim());
  }

  @Override
  public ImmutableList<Path> createdFiles() {
    ImmutableList.Builder<Path> files = ImmutableList.builder();
    files.addAll(newBox.directories()).add(newBox.disk());
    newBases.forEach(base -> files.add(base.temporary(), base.file()));
    return files.build();
  }

  /**
   * {@return this intent, keeping one more base}
   *
   * @param base id of the base
   */
  public ImportArtifactIntent keeping(BaseDiskId base) {
    return new ImportArtifactIntent(
        id,
        newBox,
        newBases,
        ImmutableSet.<BaseDiskId>builder().addAll(bases).add(base).build(),
        startedAt);
  }
}
