package io.basedisk.benchmarks;

import io.basedisk.app.BaseDisks;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.snapshot.Snapshots.Mode;
import io.basedisk.domain.transfer.ExportRequest;
import io.basedisk.oci.place.Platforms;
import org.jspecify.annotations.Nullable;

/** One export, and one import. */
final class Transfer {

  private Transfer() {}

  static void send(BaseDisks source, BoxId box, @Nullable SnapshotName snapshot, LayerStore place) {
    ExportRequest request =
        new ExportRequest(
            box, snapshot, Mode.FORK, InternalSnapshots.REFUSE, Platforms.ofMachine());
    source.transfers().exportBox(request, place, Progress.NONE);
  }

  static void receive(BaseDisks target, BoxId box, LayerStore place) {
    target.transfers().importBox(box, place, null, Progress.NONE);
  }
}
