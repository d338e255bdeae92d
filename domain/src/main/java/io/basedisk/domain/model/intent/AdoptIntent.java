package io.basedisk.domain.model.intent;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.intent.AdoptedFile.Role;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * The intent of an adoption of disk files that were there before basedisk: all of them or none.
 *
 * @param id id of the operation
 * @param files the files, at least one; each base before the files that back onto it
 * @param startedAt time at which the operation began, in whole seconds
 */
public record AdoptIntent(OperationId id, ImmutableList<AdoptedFile> files, Instant startedAt)
    implements Intent {

  /**
   * Checks the values.
   *
   * @param id see {@link #id}
   * @param files see {@link #files}
   * @param startedAt see {@link #startedAt}
   * @throws IllegalArgumentException if there is no file
   */
  public AdoptIntent {
    Preconditions.checkArgument(!files.isEmpty(), "operation %s must adopt a file", id);
  }

  @Override
  public Operation operation() {
    return Operation.ADOPT;
  }

  @Override
  public ImmutableList<BoxClaim> boxes() {
    ImmutableList.Builder<BoxClaim> claims = ImmutableList.builder();
    for (AdoptedFile file : files) {
      if (file.role() instanceof Role.BoxDisk disk) {
        claims.add(new BoxClaim(disk.box(), file.finalDirectory()));
      }
    }
    return claims.build();
  }

  @Override
  public ImmutableList<DiskClaim> disks() {
    return files.stream().map(AdoptedFile::claim).collect(toImmutableList());
  }

  /** {@return the recorded bases that adopted files back onto} */
  @Override
  public ImmutableSet<BaseDiskId> bases() {
    Set<BaseDiskId> adopted = new HashSet<>();
    ImmutableSet.Builder<BaseDiskId> recorded = ImmutableSet.builder();
    for (AdoptedFile file : files) {
      if (file.parent() != null && !adopted.contains(file.parent())) {
        recorded.add(file.parent());
      }
      if (file.role() instanceof Role.Base base) {
        adopted.add(base.id());
      }
    }
    return recorded.build();
  }

  @Override
  public ImmutableList<Path> createdFiles() {
    return files.stream().flatMap(file -> file.createdFiles().stream()).collect(toImmutableList());
  }

  /** {@return the files that move into the home} */
  public ImmutableList<AdoptedFile> moved() {
    return files.stream().filter(file -> file.move() != null).collect(toImmutableList());
  }
}
