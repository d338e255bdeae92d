package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Reference;

/** The references of a {@link StoreTransaction}. */
public interface ReferenceRecords extends ReferenceView {

  /**
   * Makes {@code reference} the one reference of its box and slot, in place of any other. To put
   * the same reference again changes nothing.
   *
   * @throws io.basedisk.domain.error.NotFoundException if there is no such base, or no such box
   */
  void put(Reference reference);

  /** Deletes the reference of one disk of a box; no effect if there is none. */
  void delete(BoxId box, DiskSlot slot);

  /**
   * Deletes all references of a box.
   *
   * @return the bases that they were to, each once, ordered by id
   */
  ImmutableList<BaseDiskId> deleteOf(BoxId box);
}
