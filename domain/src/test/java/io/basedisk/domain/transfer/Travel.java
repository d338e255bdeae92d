package io.basedisk.domain.transfer;

import static io.basedisk.domain.testing.Fleet.box;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.snapshot.Snapshots.Mode;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.MemoryLayerStore;
import io.basedisk.domain.transfer.Transfers.Exported;
import io.basedisk.domain.transfer.Transfers.Imported;
import java.nio.file.Path;
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

  /** A raw file outside of the home, below box db. */
  static final Path RAW = Path.of("/images/base.raw");

  /** The disk of box db, outside of the home. */
  static final Path DB = Path.of("/vms/db/disk.qcow2");

  /** Makes box db of the source on a raw file, which becomes a foreign base. */
  void createOnRawFile() {
    source.disks.withDirectory(RAW.getParent()).withDirectory(DB.getParent());
    source.disks.writeBytes(RAW, "content of a raw disk".getBytes(UTF_8));
    source.disks.createOverlay(DB, RAW, ImageFormat.RAW, new ByteSize(1 << 20));
    source
        .useCases
        .bases()
        .create(
            box("db"),
            DB.getParent(),
            BaseDiskKind.CLONE_BASE,
            null,
            InternalSnapshots.REFUSE,
            ImmutableSet.of(RAW));
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
