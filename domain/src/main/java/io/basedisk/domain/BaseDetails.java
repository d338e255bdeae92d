package io.basedisk.domain;

import com.google.common.collect.ImmutableList;
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

  static BaseDetails of(BaseDisk base, StoreView view) {
    return new BaseDetails(
        base,
        view.dependentBoxes(base.id()),
        view.children(base.id()).stream()
            .map(BaseDisk::id)
            .collect(ImmutableList.toImmutableList()));
  }
}
