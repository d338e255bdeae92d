package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.Reference;

/** The references in a {@link StoreView}: the base below each disk of a box. */
public interface ReferenceView {

  /** {@return every reference, in no particular order} */
  ImmutableList<Reference> list();

  /**
   * {@return the references to a base, ordered by box, then by slot}
   *
   * @param base id of the base
   */
  ImmutableList<Reference> listTo(BaseDiskId base);

  /**
   * {@return the references of a box, ordered by slot; a slot has at most one}
   *
   * @param box name of the box
   */
  ImmutableList<Reference> listOf(BoxId box);

  /**
   * {@return the first boxes that reference a base, each once, ordered by name} Takes time
   * proportional to {@code limit}, not to the number of boxes.
   *
   * @param base id of the base
   * @param limit maximum number of boxes, 1 or more
   */
  ImmutableList<BoxId> listDependents(BaseDiskId base, int limit);

  /**
   * {@return all boxes that reference a base, each once, ordered by name}
   *
   * @param base id of the base
   */
  default ImmutableList<BoxId> listDependents(BaseDiskId base) {
    return listTo(base).stream()
        .map(Reference::box)
        .distinct()
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * {@return whether a box references a base}
   *
   * @param base id of the base
   */
  default boolean hasDependents(BaseDiskId base) {
    return !listDependents(base, 1).isEmpty();
  }
}
