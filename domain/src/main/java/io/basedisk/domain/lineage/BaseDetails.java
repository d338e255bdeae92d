package io.basedisk.domain.lineage;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import com.google.common.collect.SetMultimap;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.port.StoreView;

/**
 * A base and what the store records as needing it.
 *
 * @param base its record
 * @param referencedBy the boxes that have a disk on it, ordered by name
 * @param children the bases that have it as parent, newest first
 */
public record BaseDetails(
    BaseDisk base, ImmutableList<BoxId> referencedBy, ImmutableList<BaseDiskId> children) {

  /**
   * Returns those of {@code bases} with what needs them, in the same order.
   *
   * @param areAll whether there are no other bases; then the store is asked once for all of them
   */
  public static ImmutableList<BaseDetails> of(
      ImmutableList<BaseDisk> bases, boolean areAll, StoreView view) {
    if (!areAll) {
      return bases.stream().map(base -> of(base, view)).collect(ImmutableList.toImmutableList());
    }
    SetMultimap<BaseDiskId, BoxId> boxes = MultimapBuilder.hashKeys().treeSetValues().build();
    view.references().list().forEach(reference -> boxes.put(reference.base(), reference.box()));
    // In the order of the bases, which is that of children too.
    ListMultimap<BaseDiskId, BaseDiskId> children =
        MultimapBuilder.hashKeys().arrayListValues().build();
    for (BaseDisk base : bases) {
      if (base.parentId() != null) {
        children.put(base.parentId(), base.id());
      }
    }
    return bases.stream()
        .map(
            base ->
                new BaseDetails(
                    base,
                    ImmutableList.copyOf(boxes.get(base.id())),
                    ImmutableList.copyOf(children.get(base.id()))))
        .collect(ImmutableList.toImmutableList());
  }

  public static BaseDetails of(BaseDisk base, StoreView view) {
    return new BaseDetails(
        base,
        view.references().listDependents(base.id()),
        view.bases().listChildren(base.id()).stream()
            .map(BaseDisk::id)
            .collect(ImmutableList.toImmutableList()));
  }
}
