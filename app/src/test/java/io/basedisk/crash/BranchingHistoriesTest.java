package io.basedisk.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.Collections2;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.snapshot.Snapshots;
import io.basedisk.domain.testing.Content;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A box with several branches from its snapshots, on real files. */
class BranchingHistoriesTest {

  private static final Content TRUNK = Content.EMPTY.with(0, 1);
  private static final Content LEFT = TRUNK.with(1, 2);
  private static final Content RIGHT = TRUNK.with(1, 3);
  private static final Map<String, Content> SNAPSHOTS =
      Map.of("trunk", TRUNK, "left", LEFT, "right", RIGHT);
  private static final BoxId WEB = BoxId.of("web");
  private static final BoxId COPY = BoxId.of("copy");

  @TempDir private Path directory;

  /** Creates a box with two branches on one trunk, and a clone of the inactive branch. */
  private static void branch(OpenHome home) {
    Snapshots snapshots = home.disks.snapshots();
    home.disks.boxes().create(WEB, Content.VIRTUAL_SIZE);
    home.guests.write(home.disk("web"), 0, 1);
    snapshots.create(WEB, new SnapshotName("trunk"));
    home.guests.write(home.disk("web"), 1, 2);
    snapshots.create(WEB, new SnapshotName("left"));
    snapshots.restore(WEB, new SnapshotName("trunk"), null);
    home.guests.write(home.disk("web"), 1, 3);
    snapshots.create(WEB, new SnapshotName("right"), Snapshots.Mode.COPY, InternalSnapshots.REFUSE);
    home.disks.clones().cloneSnapshot(WEB, new SnapshotName("right"), ImmutableList.of(COPY));
    home.guests.write(home.disk("copy"), 2, 4);
    snapshots.restore(WEB, new SnapshotName("left"), null);
    home.guests.write(home.disk("web"), 3, 5);
  }

  @Test
  void branches_go_in_any_order_and_what_is_left_reads_right_until_nothing_is_left()
      throws IOException {
    try (OpenHome home = OpenHome.open(directory.toRealPath().resolve("home"))) {
      for (List<String> order :
          Collections2.permutations(List.of("trunk", "left", "right", "copy"))) {
        branch(home);
        for (String next : order) {
          if (next.equals("copy")) {
            home.disks.boxes().remove(COPY, SnapshotsOnRemoval.REFUSE);
          } else {
            home.disks.snapshots().remove(WEB, new SnapshotName(next));
          }
          checkContents(home);
        }
        Audit.checkWhole(home);
        home.disks.boxes().remove(WEB, SnapshotsOnRemoval.REFUSE);
        assertEquals(
            ImmutableList.of(),
            home.store.read(view -> view.bases().list(BaseFilter.ALL)),
            order::toString);
        Audit.checkWhole(home);
      }
    }
  }

  private static void checkContents(OpenHome home) {
    assertEquals(LEFT.with(3, 5), home.guests.read(home.disk("web")));
    if (home.hasBox("copy")) {
      assertEquals(RIGHT.with(2, 4), home.guests.read(home.disk("copy")));
    }
    SNAPSHOTS.forEach(
        (name, content) ->
            home.findSnapshot("web", name)
                .ifPresent(base -> assertEquals(content, home.guests.read(base), name)));
  }
}
