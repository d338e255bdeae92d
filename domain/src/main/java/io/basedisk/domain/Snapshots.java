package io.basedisk.domain;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.Ports;

/** The snapshots of boxes: named bases that are never collected on their own. */
public final class Snapshots {

  private final BaseDiskStore store;
  private final BaseDiskManager bases;

  Snapshots(Ports ports, BaseDiskManager bases) {
    this.store = ports.store();
    this.bases = bases;
  }

  /**
   * Takes a snapshot of a box: forks its container disk.
   *
   * @throws io.basedisk.domain.error.BaseDiskException as {@link BaseDiskManager#create}
   */
  public BaseDisk create(BoxId box, SnapshotName name) {
    return bases.create(box, BaseDiskKind.SNAPSHOT, name);
  }

  /**
   * Returns the snapshots of a box, newest first.
   *
   * @throws io.basedisk.domain.error.NotFoundException if there is no such box
   */
  public ImmutableList<BaseDetails> list(BoxId box) {
    return store.read(
        view -> {
          Boxes.require(view, box);
          return view.listBases(new BaseFilter(box, BaseDiskKind.SNAPSHOT)).stream()
              .map(base -> BaseDetails.of(base, view))
              .collect(ImmutableList.toImmutableList());
        });
  }
}
