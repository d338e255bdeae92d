package io.basedisk.examples;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.SnapshotName;
import java.nio.file.Path;

/** The main job, embedded in a program; docs/embedding.md shows the body of the method. */
final class EmbeddingExample {

  private EmbeddingExample() {}

  static ImmutableList<BoxDetails> run(Path home) {
    try (BaseDisks disks = BaseDisks.open(home)) {
      BoxId golden = BoxId.of("golden");
      SnapshotName installed = new SnapshotName("installed");
      disks.boxes().create(golden, ByteSize.parse("10G"));
      // ... a VM installs a system on the box's disk, and is stopped ...
      disks.snapshots().create(golden, installed);
      ImmutableList<BoxId> fleet = ImmutableList.of(BoxId.of("web-1"), BoxId.of("web-2"));
      disks.clones().cloneSnapshot(golden, installed, fleet);
      disks.boxes().remove(golden, SnapshotsOnRemoval.REMOVE); // the fleet keeps what it needs
      return disks.boxes().list();
    }
  }
}
