package io.basedisk.domain.model.intent;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.BaseDiskId;
import java.util.Optional;

/** The intent of an operation that turns a disk into a base, or copies it to one. */
public sealed interface NewBaseIntent extends BoxIntent permits ForkIntent, CopyIntent {

  /** {@return the disk that is turned into the base or copied to it} */
  DiskClaim disk();

  /** {@return the base} */
  PlannedBase base();

  @Override
  default ImmutableList<DiskClaim> disks() {
    return ImmutableList.of(disk());
  }

  @Override
  default Optional<PlannedBase> plannedBase() {
    return Optional.of(base());
  }

  @Override
  default ImmutableSet<BaseDiskId> bases() {
    BaseDiskId parent = base().parentId();
    return parent == null ? ImmutableSet.of() : ImmutableSet.of(parent);
  }
}
