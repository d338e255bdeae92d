package example.embedder;

import io.basedisk.app.BaseDisks;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.SnapshotName;
import java.nio.file.Path;
import java.util.List;


/** Makes a box, snapshots it, clones it, and removes all of it: {@code Embedder HOME}. */
public final class Embedder {

  private Embedder() {}

  public static void main(String[] arguments) {
    try (BaseDisks disks = BaseDisks.open(Path.of(arguments[0]))) {
      BoxId golden = BoxId.of("golden");
      List<BoxId> clones = List.of(BoxId.of("web-1"), BoxId.of("web-2"));
      disks.boxes().create(golden, ByteSize.parse("1G"));
      disks.snapshots().create(golden, new SnapshotName("s1"));
      disks.clones().cloneBox(golden, clones);
      System.out.println("boxes: " + disks.boxes().list().size());
    }
  }
}
