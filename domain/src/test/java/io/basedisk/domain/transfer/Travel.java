package io.basedisk.domain.transfer;

import static io.basedisk.domain.testing.Fleet.box;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.snapshot.Snapshots.Mode;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.MemoryLayerStore;
import io.basedisk.domain.transfer.Transfers.Exported;
import io.basedisk.domain.transfer.Transfers.Imported;
import org.jspecify.annotations.Nullable;

/** What tests of transfers do, over two homes and a place between them. */
final class Travel {

  final Fleet source = new Fleet();
  final MemoryLayerStore.Place place = new MemoryLayerStore.Place();

  /** Makes box web, with snapshots one and two, and more written since. */
  Travel() {
    source.create("web");
    source.write("web", 1, "a");
    source.snapshot("web", "one");
    source.write("web", 2, "b");
    source.snapshot("web", "two");
    source.write("web", 3, "c");
  }

  /** Exports box web of the source. */
  Exported export() {
    return export(source, "web", null, Mode.FORK, place.open("web"));
  }

  static Exported export(
      Fleet fleet, String box, @Nullable String snapshot, Mode mode, LayerStore place) {
    return export(fleet, box, snapshot, mode, place, Progress.NONE);
  }

  static Exported export(
      Fleet fleet,
      String box,
      @Nullable String snapshot,
      Mode mode,
      LayerStore place,
      Progress progress) {
    return fleet
        .useCases
        .transfers()
        .exportBox(
            new ExportRequest(
                box(box),
                snapshot == null ? null : new SnapshotName(snapshot),
                mode,
                InternalSnapshots.REFUSE,
                new Platform("amd64", "linux")),
            place,
            progress);
  }

  /** Imports what was exported as web. */
  Imported importTo(Fleet fleet, String box) {
    return fleet.useCases.transfers().importBox(box(box), place.open("web"), null, Progress.NONE);
  }

  static ImmutableList<String> snapshots(Fleet fleet, String box) {
    return fleet.useCases.snapshots().list(BoxId.of(box)).stream()
        .map(details -> details.base())
        .flatMap((BaseDisk base) -> base.snapshotName().stream())
        .map(SnapshotName::value)
        .sorted()
        .collect(ImmutableList.toImmutableList());
  }
}
