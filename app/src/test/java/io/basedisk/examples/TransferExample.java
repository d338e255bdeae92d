package io.basedisk.examples;

import io.basedisk.app.BaseDisks;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.snapshot.Snapshots.Mode;
import io.basedisk.domain.transfer.ExportRequest;
import io.basedisk.domain.transfer.Transfers.Imported;
import io.basedisk.oci.place.ArtifactPlaces;
import io.basedisk.oci.place.ArtifactReference;
import io.basedisk.oci.place.Platforms;
import java.nio.file.Path;

/** Exports a box to a directory of images, and imports it from there. */
final class TransferExample {

  private TransferExample() {}

  static Imported run(Path home) {
    ArtifactPlaces places = ArtifactPlaces.using(Path.of(System.getProperty("java.io.tmpdir")));
    ArtifactReference images = ArtifactReference.parse("oci:" + home.resolveSibling("images:v1"));
    BoxId web = BoxId.of("web-1");
    try (BaseDisks disks = BaseDisks.open(home)) {
      disks.boxes().create(web, ByteSize.parse("10G"));
      try (LayerStore place = places.forPush(images)) {
        disks
            .transfers()
            .exportBox(
                new ExportRequest(
                    web, null, Mode.FORK, InternalSnapshots.REFUSE, Platforms.ofMachine()),
                place,
                Progress.NONE);
      }
      try (LayerStore place = places.forPull(images)) {
        return disks.transfers().importBox(BoxId.of("web-2"), place, null, Progress.NONE);
      }
    }
  }
}
