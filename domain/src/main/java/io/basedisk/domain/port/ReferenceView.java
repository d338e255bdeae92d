package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.Reference;

/** The references of a {@link StoreView}: which base each disk of a box stands on. */
public interface ReferenceView {

  /** Returns every reference, in no particular order. */
  ImmutableList<Reference> list();

  /** Returns the references to {@code base}, ordered by box, then by slot. */
  ImmutableList<Reference> listTo(BaseDiskId base);

  /** Returns the references of {@code box}, at most one a slot, ordered by slot. */
  ImmutableList<Reference> listOf(BoxId box);

  /**
   * Returns the first boxes that reference {@code base}, each once, ordered by name. Costs time in
   * proportion to {@code limit}, however many boxes there are.
   *
   * @param limit how many at most, 1 or more
   */
  ImmutableList<BoxId> listDependents(BaseDiskId base, int limit);

  /** Returns the boxes that reference {@code base}, each once, ordered by name. */
  default ImmutableList<BoxId> listDependents(BaseDiskId base) {
    return listTo(base).stream()
        .map(Reference::box)
        .distinct()
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns whether any box references {@code base}. */
  default boolean hasDependents(BaseDiskId base) {
    return !listDependents(base, 1).isEmpty();
  }
}
