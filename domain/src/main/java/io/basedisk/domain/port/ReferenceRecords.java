package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Reference;

/** Changes to the references, in a {@link StoreTransaction}. */
public interface ReferenceRecords extends ReferenceView {

  /**
   * Records the reference of a disk and replaces an older one. The same reference again has no
   * effect.
   *
   * @param reference the reference
   * @throws io.basedisk.domain.error.NotFoundException if the base or the box does not exist
   */
  void put(Reference reference);

  /**
   * Deletes the reference of a disk; no effect if there is none.
   *
   * @param box name of the box
   * @param slot slot of the disk
   */
  void delete(BoxId box, DiskSlot slot);

  /**
   * Deletes all references of a box.
   *
   * @param box name of the box
   * @return the referenced bases, each once, ordered by id
   */
  ImmutableList<BaseDiskId> deleteOf(BoxId box);
}
