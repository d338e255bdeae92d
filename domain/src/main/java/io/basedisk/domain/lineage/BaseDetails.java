package io.basedisk.domain.lineage;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import com.google.common.collect.SetMultimap;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.StoreView;
import java.util.List;

/**
 * A base, with the boxes and bases that need it by the store's records.
 *
 * @param base the base
 * @param referencedBy boxes with a disk directly above the base, ordered by name
 * @param children bases whose parent is the base, newest first
 */
public record BaseDetails(
    BaseDisk base, ImmutableList<BoxId> referencedBy, ImmutableList<BaseDiskId> children) {

  /**
   * {@return the details of bases, in the same order}
   *
   * @param bases the bases
   * @param areAll whether these are all bases of the store, which makes this faster
   * @param view the state of the store
   */
  public static ImmutableList<BaseDetails> of(
      List<BaseDisk> bases, boolean areAll, StoreView view) {
    if (!areAll) {
      return bases.stream().map(base -> of(base, view)).collect(ImmutableList.toImmutableList());
    }
    return ofAll(bases, view.references().list());
  }

  /**
   * {@return the details of all bases}
   *
   * @param newestFirst the bases, newest first
   * @param references all references
   */
  public static ImmutableList<BaseDetails> ofAll(
      List<BaseDisk> newestFirst, List<Reference> references) {
    SetMultimap<BaseDiskId, BoxId> boxes = MultimapBuilder.hashKeys().treeSetValues().build();
    references.forEach(reference -> boxes.put(reference.base(), reference.box()));
    ListMultimap<BaseDiskId, BaseDiskId> children =
        MultimapBuilder.hashKeys().arrayListValues().build();
    for (BaseDisk base : newestFirst) {
      if (base.parentId() != null) {
        children.put(base.parentId(), base.id());
      }
    }
    return newestFirst.stream()
        .map(
            base ->
                new BaseDetails(
                    base,
                    ImmutableList.copyOf(boxes.get(base.id())),
                    ImmutableList.copyOf(children.get(base.id()))))
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * {@return the details of a base}
   *
   * @param base the base
   * @param view the state of the store
   */
  public static BaseDetails of(BaseDisk base, StoreView view) {
    return new BaseDetails(
        base,
        view.references().listDependents(base.id()),
        view.bases().listChildren(base.id()).stream()
            .map(BaseDisk::id)
            .collect(ImmutableList.toImmutableList()));
  }
}
