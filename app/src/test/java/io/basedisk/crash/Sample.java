package io.basedisk.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.testing.Content;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A box for an {@link Operation}: with a snapshot {@code first}, a base above it, and writes after
 * both.
 */
record Sample(String box) {

  private static final Content SNAPSHOT = Content.EMPTY.with(0, 1001).with(1, 1002);
  private static final Content DISK = SNAPSHOT.with(1, 1003).with(20, 1004);

  static Sample make(OpenHome home, String box) {
    home.disks.boxes().create(BoxId.of(box), Content.VIRTUAL_SIZE);
    home.guests.write(home.disk(box), 0, 1001);
    home.guests.write(home.disk(box), 1, 1002);
    home.disks.snapshots().create(BoxId.of(box), new SnapshotName("first"));
    home.guests.write(home.disk(box), 1, 1003);
    home.disks.bases().create(BoxId.of(box), BaseDiskKind.CLONE_BASE, null);
    home.guests.write(home.disk(box), 20, 1004);
    return new Sample(box);
  }

  /** Fails if any content is lost, whether or not the operation was completed. */
  void check(OpenHome home, Operation operation) {
    if (operation == Operation.COLLECT) {
      // The next collection does what one collection left.
      home.disks.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);
    }
    if (home.hasBox(box)) {
      Content disk = home.guests.read(home.disk(box));
      if (operation != Operation.RESTORE || !disk.equals(SNAPSHOT)) {
        assertEquals(DISK, disk, "the disk");
      }
      Optional<Path> snapshot = home.findSnapshot(box, "first");
      snapshot.ifPresent(file -> assertEquals(SNAPSHOT, home.guests.read(file), "the snapshot"));
      assertTrue(
          snapshot.isPresent() || operation == Operation.REMOVE_SNAPSHOT, "the snapshot is gone");
      home.findSnapshot(box, "second")
          .ifPresent(file -> assertEquals(DISK, home.guests.read(file), "the new snapshot"));
    } else {
      assertEquals(Operation.REMOVE, operation, "the box is gone");
    }
    long made = Operation.newBoxes(box).stream().filter(b -> home.hasBox(b.value())).count();
    assertTrue(made == 0 || made == boxesMadeBy(operation), "only some boxes were made");
    for (BoxId clone : Operation.newBoxes(box)) {
      if (home.hasBox(clone.value())) {
        assertEquals(
            contentOfNewBoxes(operation), home.guests.read(home.disk(clone.value())), "a new box");
      }
    }
  }

  private static int boxesMadeBy(Operation operation) {
    return switch (operation) {
      case CREATE, IMPORT, IMPORT_LAYERS -> 1;
      default -> 2;
    };
  }

  private static Content contentOfNewBoxes(Operation operation) {
    return switch (operation) {
      case CREATE -> Content.EMPTY;
      case CLONE_SNAPSHOT -> SNAPSHOT;
      default -> DISK;
    };
  }
}
