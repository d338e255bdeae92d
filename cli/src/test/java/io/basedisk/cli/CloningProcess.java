package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A process that clones a box and its snapshot and removes the clones, until its input has a byte.
 * It prints a line after each round.
 */
final class CloningProcess {

  private CloningProcess() {}

  /** Takes the home, the box and the snapshot. */
  public static void main(String[] args) throws IOException {
    BoxId box = BoxId.of(args[1]);
    try (BaseDisks disks =
        BaseDisks.builder()
            .home(Path.of(args[0]))
            .operationTimeout(Duration.ofMinutes(10))
            .open()) {
      ImmutableList<BoxId> ofSnapshot = ImmutableList.of(BoxId.of("clone-1"), BoxId.of("clone-2"));
      ImmutableList<BoxId> ofBox = ImmutableList.of(BoxId.of("clone-3"));
      // The test has stopped if it no longer reads.
      while (System.in.available() == 0 && !System.out.checkError()) {
        disks.clones().cloneSnapshot(box, new SnapshotName(args[2]), ofSnapshot);
        disks.clones().cloneBox(box, ofBox);
        ofSnapshot.forEach(clone -> disks.boxes().remove(clone, SnapshotsOnRemoval.REFUSE));
        ofBox.forEach(clone -> disks.boxes().remove(clone, SnapshotsOnRemoval.REFUSE));
        System.out.println("round");
      }
    }
  }
}
