package io.basedisk.examples;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.testing.InMemoryBaseDiskStore;
import java.nio.file.Path;

/** The main job on another store than SQLite; docs/embedding.md shows the body of the method. */
final class SwappingTheStoreExample {

  private SwappingTheStoreExample() {}

  static CollectionReport run(Path home) {
    BaseDiskStore store = new InMemoryBaseDiskStore(); // or yours, on any database
    try (BaseDisks disks = BaseDisks.builder().home(home).store(store).open()) {
      BoxId web = BoxId.of("web-1");
      BoxId copy = BoxId.of("web-2");
      disks.boxes().create(web, ByteSize.parse("10G"));
      disks.clones().cloneBox(web, ImmutableList.of(copy));
      disks.boxes().remove(web, SnapshotsOnRemoval.REFUSE);
      return disks.boxes().remove(copy, SnapshotsOnRemoval.REFUSE); // the shared base goes too
    }
  }
}
