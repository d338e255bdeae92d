package io.basedisk.domain.model.intent;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.BaseDiskId;
import java.nio.file.Path;

/** The intent of an operation that replaces a box's container disk by a new image. */
public sealed interface ReplaceDiskIntent extends BoxIntent permits RestoreIntent, CompactIntent {

  /** {@return the disk that is replaced} */
  DiskClaim disk();

  /** {@return the other disks of the box, which are removed} */
  ImmutableList<DiskClaim> dropped();

  /** {@return the base that the new image is an overlay of} */
  BaseDiskId base();

  /** {@return the temporary path of the new image} */
  Path image();

  /**
   * {@return the second name of the replaced disk, for rolling back} It is removed when the
   * operation is complete.
   */
  Path rollbackLink();

  @Override
  default ImmutableList<DiskClaim> disks() {
    return ImmutableList.<DiskClaim>builder().add(disk()).addAll(dropped()).build();
  }

  @Override
  default ImmutableSet<BaseDiskId> bases() {
    return ImmutableSet.of(base());
  }

  @Override
  default ImmutableList<Path> createdFiles() {
    return ImmutableList.of(image(), rollbackLink());
  }
}
