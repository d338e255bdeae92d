package io.basedisk.domain.rebuild;

import static io.basedisk.domain.rebuild.RebuiltHome.bases;
import static io.basedisk.domain.rebuild.RebuiltHome.contents;
import static io.basedisk.domain.rebuild.RebuiltHome.rebuilt;
import static io.basedisk.domain.rebuild.RebuiltHome.references;
import static io.basedisk.domain.testing.Fleet.box;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.doctor.Doctor.Depth;
import io.basedisk.domain.home.HomeRelocation;
import io.basedisk.domain.home.HomeRelocation.Declared;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.snapshot.Snapshots.Mode;
import io.basedisk.domain.testing.BoundPorts;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.MemoryLayerStore;
import io.basedisk.domain.transfer.ExportRequest;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A home with imported boxes, one of them on a raw base, whose store is lost or that is moved. */
final class ImportedBasesTest {

  private static final Path RAW = Path.of("/images/base.raw");
  private static final Path VM = Path.of("/vms/vm/disks/disk.qcow2");
  private static final Path NEW = Path.of("/srv/fleet");

  /** What a guest may write to the begin of its raw disk: a header that names another file. */
  private static final byte[] HOSTILE = hostile();

  private final Fleet fleet = new Fleet();

  private static byte[] hostile() {
    byte[] bytes = new byte[70_000];
    ByteBuffer.wrap(bytes).put("QFI\u00fb".getBytes(ISO_8859_1));
    return bytes;
  }

  @BeforeEach
  void import_two_boxes() {
    Fleet source = new Fleet();
    source.create("web");
    source.write("web", 1, "a");
    source.snapshot("web", "one");
    source.write("web", 2, "b");
    source.disks.withDirectory(RAW.getParent()).withDirectory(VM.getParent());
    source.disks.writeBytes(RAW, HOSTILE);
    source.disks.createOverlay(VM, RAW, ImageFormat.RAW, new ByteSize(1 << 20));
    source
        .useCases
        .bases()
        .create(
            box("vm"),
            VM.getParent(),
            BaseDiskKind.CLONE_BASE,
            null,
            InternalSnapshots.REFUSE,
            ImmutableSet.of(RAW));
    source.useCases.snapshots().create(box("vm"), new SnapshotName("two"));
    source.disks.guestWrites(VM, 5, "c");
    MemoryLayerStore.Place place = new MemoryLayerStore.Place();
    for (String name : ImmutableList.of("web", "vm")) {
      source
          .useCases
          .transfers()
          .exportBox(
              new ExportRequest(
                  box(name),
                  null,
                  Mode.FORK,
                  InternalSnapshots.REFUSE,
                  new Platform("amd64", "linux")),
              place.open(name),
              Progress.NONE);
      fleet.useCases.transfers().importBox(box(name), place.open(name), null, Progress.NONE);
    }
    // Its snapshot is an overlay, since the layer is here.
    fleet.useCases.transfers().importBox(box("second"), place.open("web"), null, Progress.NONE);
    assertTrue(
        bases(fleet).values().stream()
            .anyMatch(base -> base.diskInfo().format() == ImageFormat.RAW));
  }

  @Test
  void a_rebuild_gets_every_record_back() {
    Map<String, BaseDisk> before = bases(fleet);
    Map<Path, ImmutableSortedMap<Long, String>> contents = contents(fleet);

    Fleet rebuilt = rebuilt(fleet);

    assertEquals(before, bases(rebuilt));
    assertEquals(references(fleet), references(rebuilt));
    rebuilt.useCases.garbageCollection().collect(GarbageCollection.Scope.DEFAULT);
    assertEquals(contents, contents(rebuilt));
    rebuilt.check();
    assertEquals(ImmutableList.of(), rebuilt.useCases.doctor().examine(Depth.METADATA).findings());
  }

  @Test
  void a_relocated_home_reads_the_same() {
    Map<String, ImmutableSortedMap<Long, String>> before = reads(Fleet.HOME.home());
    fleet.disks.withDirectory(NEW.getParent());
    fleet.disks.writeBytes(Fleet.HOME.operationsLock(), new byte[0]);
    fleet.disks.moveTree(Fleet.HOME.home(), NEW);

    BoundPorts ports = fleet.ports;
    new HomeRelocation(
            ports.store(),
            ports.stamp(),
            new HomeLayout(NEW),
            ports.files(),
            ports.images(),
            ports.imageLocks(),
            ports.locks(),
            new Random(7),
            new LogWriter(ports.clock()))
        .relocate(Declared.MOVED);

    assertEquals(before, reads(NEW));
    for (BaseDisk base : bases(fleet).values()) {
      assertEquals(
          base.diskInfo().format(),
          fleet.disks.description(base.diskInfo().basePath()).orElseThrow().format());
    }
  }

  private Map<String, ImmutableSortedMap<Long, String>> reads(Path home) {
    ImmutableSortedMap.Builder<String, ImmutableSortedMap<Long, String>> reads =
        ImmutableSortedMap.naturalOrder();
    for (Box box : fleet.store.read(view -> view.boxes().list())) {
      assertTrue(box.disksDir().startsWith(home), box::toString);
      reads.put(box.id().value(), fleet.disks.guestReads(box.disk(DiskSlot.CONTAINER)));
    }
    return reads.build();
  }

  @Test
  void the_doctor_records_a_raw_base_again_that_describes_itself() {
    Fleet emptied = new Fleet(fleet.disks, RebuiltHome.filled(fleet.disks, withoutRawBox()));

    emptied.useCases.doctor().repair(Depth.METADATA);

    assertTrue(
        bases(emptied).values().stream()
            .anyMatch(base -> base.diskInfo().format() == ImageFormat.RAW),
        () -> bases(emptied).toString());
  }

  /** Returns the records of the home without the raw base and what is above it. */
  private RebuildPlan withoutRawBox() {
    RebuildPlan plan = RebuiltHome.plan(fleet.disks);
    ImmutableSet<Object> above =
        plan.bases().stream()
            .filter(base -> base.parentId() == null)
            .filter(base -> base.diskInfo().format() == ImageFormat.RAW)
            .map(BaseDisk::id)
            .collect(ImmutableSet.toImmutableSet());
    ImmutableList<BaseDisk> kept =
        plan.bases().stream()
            .filter(base -> isAbove(plan, base, above))
            .collect(ImmutableList.toImmutableList());
    return new RebuildPlan(
        plan.identity(),
        kept,
        ImmutableMap.of(),
        ImmutableList.of(),
        ImmutableList.of(),
        ImmutableList.of(),
        ImmutableList.of(),
        ImmutableList.of());
  }

  private static boolean isAbove(RebuildPlan plan, BaseDisk base, ImmutableSet<Object> raw) {
    BaseDisk next = base;
    while (next.parentId() != null) {
      BaseDisk below = next;
      next =
          plan.bases().stream()
              .filter(other -> other.id().equals(below.parentId()))
              .findFirst()
              .orElseThrow();
    }
    return !raw.contains(next.id());
  }
}
