package io.basedisk.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.space.BaseSpace;
import io.basedisk.domain.space.BoxSpace;
import io.basedisk.domain.space.SpaceReport;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.guest.GuestDisk;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The space reported as exclusive is the space that a removal frees, on real files. */
class SpaceTest {

  private static final int STEPS = 25;
  private static final int CLUSTER = 64 << 10;

  private final LocalDiskFiles files = new LocalDiskFiles(OperatingSystem.current());

  @TempDir private Path directory;
  private Path home;

  @BeforeEach
  void use_a_home_in_the_directory() throws IOException {
    home = directory.toRealPath().resolve("home");
  }

  private long occupied() throws IOException {
    return occupied(home.resolve("bases")) + occupied(home.resolve("boxes"));
  }

  private long occupied(Path below) throws IOException {
    try (Stream<Path> all = Files.walk(below)) {
      return all.map(file -> files.status(file).orElseThrow())
          .filter(FileStatus::isRegularFile)
          .mapToLong(FileStatus::allocatedBytes)
          .sum();
    }
  }

  private void write(BaseDisks disks, BoxId box, int clusters) {
    Path disk = disks.boxes().get(box).box().disk(DiskSlot.CONTAINER);
    ImmutableList<LayerFile> layers =
        new BackingChains(disks.home(), files, new Qcow2DiskImages())
            .read(disk).stream()
                .map(layer -> new LayerFile(layer.realPath(), layer.format()))
                .collect(ImmutableList.toImmutableList());
    try (GuestDisk guest = GuestDisk.open(layers)) {
      guest.write(0, ByteBuffer.wrap(new byte[clusters * CLUSTER + 1]));
    }
  }

  @Test
  void what_is_exclusive_to_a_box_or_a_snapshot_is_what_its_removal_frees() throws IOException {
    Random random = new Random(5);
    try (BaseDisks disks = BaseDisks.open(home)) {
      List<BoxId> boxes = new ArrayList<>(List.of(BoxId.of("box")));
      List<SnapshotName> snapshots = new ArrayList<>();
      disks.boxes().create(boxes.get(0), ByteSize.parse("8M"));
      for (int step = 0; step < STEPS; step++) {
        BoxId box = boxes.get(random.nextInt(boxes.size()));
        write(disks, box, 1 + random.nextInt(20));
        switch (random.nextInt(4)) {
          case 0 -> disks.bases().create(box, BaseDiskKind.CLONE_BASE, null);
          case 1 -> {
            SnapshotName name = new SnapshotName("s" + step);
            disks.snapshots().create(boxes.get(0), name);
            snapshots.add(name);
          }
          case 2 -> {
            if (!snapshots.isEmpty()) {
              SnapshotName name = snapshots.get(random.nextInt(snapshots.size()));
              disks.snapshots().restore(boxes.get(0), name, null);
            }
          }
          default -> {
            BoxId clone = BoxId.of("clone-" + step);
            disks.clones().cloneBox(box, ImmutableList.of(clone));
            boxes.add(clone);
          }
        }
      }
      assertEquals(occupied(), disks.space().ofHome().allocatedBytes());
      while (snapshots.size() > 0) {
        removeSnapshot(disks, boxes.get(0), snapshots.remove(random.nextInt(snapshots.size())));
      }
      while (boxes.size() > 0) {
        removeBox(disks, boxes.remove(random.nextInt(boxes.size())));
      }
      assertEquals(0, occupied());
    }
  }

  private void removeSnapshot(BaseDisks disks, BoxId box, SnapshotName name) throws IOException {
    SpaceReport told = disks.space().ofHome();
    long before = occupied();

    var removed = disks.snapshots().remove(box, name);

    assertEquals(
        told.bases().stream()
            .filter(space -> space.base().id().equals(removed.id()))
            .mapToLong(BaseSpace::exclusiveBytes)
            .sum(),
        removed.report().freedBytes());
    assertEquals(before - occupied(), removed.report().freedBytes());
  }

  private void removeBox(BaseDisks disks, BoxId box) throws IOException {
    BoxSpace told = disks.space().of(box).boxes().get(0);
    long before = occupied();

    long freedInBases = disks.boxes().remove(box, SnapshotsOnRemoval.REFUSE).freedBytes();

    assertEquals(told.exclusiveBytes(), told.allocatedBytes() + freedInBases);
    assertEquals(told.exclusiveBytes(), before - occupied());
  }
}
