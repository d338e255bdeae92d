package io.basedisk.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.doctor.Doctor.Depth;
import io.basedisk.domain.image.Compression;
import io.basedisk.domain.image.CompressionType;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.snapshot.Snapshots.Mode;
import io.basedisk.domain.testing.MemoryLayerStore;
import io.basedisk.domain.transfer.ExportRequest;
import io.basedisk.domain.transfer.Transfers.ExportedImage;
import io.basedisk.domain.transfer.Transfers.ExportedLayer;
import io.basedisk.domain.transfer.Transfers.Imported;
import io.basedisk.domain.transfer.Transfers.ImportedLayer;
import io.basedisk.qcow2.testing.Qemu;
import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Boxes travel from one home to another, with real files, and QEMU compares their disks. */
@Tag("oracle")
class TransfersOracleTest {

  private static final BoxId WEB = BoxId.of("web");
  private static final BoxId COPY = BoxId.of("copy");

  @TempDir private Path directory;
  private Path scratch;
  private final MemoryLayerStore.Place place = new MemoryLayerStore.Place();

  @BeforeEach
  void findQemu() throws IOException {
    Qemu.assumeInstalled();
    scratch = directory.toRealPath();
  }

  private BaseDisks open(String home) {
    return BaseDisks.open(scratch.resolve(home));
  }

  private static Path disk(BaseDisks home, BoxId box) {
    return home.boxes().getRecord(box).disk(DiskSlot.CONTAINER);
  }

  private static void write(BaseDisks home, BoxId box, String... commands) {
    Qemu.io(disk(home, box), List.of(commands));
  }

  private ImmutableList<ExportedLayer> export(BaseDisks home, BoxId box) {
    return home.transfers()
        .exportBox(
            new ExportRequest(
                box, null, Mode.FORK, InternalSnapshots.REFUSE, new Platform("amd64", "linux")),
            place.open("web"),
            Progress.NONE)
        .layers();
  }

  private Imported importTo(BaseDisks home, BoxId box) {
    return home.transfers().importBox(box, place.open("web"), null, Progress.NONE);
  }

  /** Checks that QEMU finds no difference, and no error in an image. */
  private static void assertSame(Path expected, Path actual) {
    Tool.run("qemu-img", "compare", "-f", "qcow2", "-F", "qcow2", expected, actual);
    Tool.run("qemu-img", "check", "-q", "-f", "qcow2", actual);
  }

  private static void assertHealthy(BaseDisks home) {
    assertEquals(
        List.of(), List.copyOf(home.doctor().examine(Depth.CONTENT, Progress.NONE).findings()));
  }

  @Test
  void every_disk_of_an_imported_box_reads_as_in_the_home_that_it_comes_from() {
    try (BaseDisks source = open("source");
        BaseDisks target = open("a home with a much longer path than the first")) {
      source.boxes().create(WEB, ByteSize.parse("1G"));
      write(source, WEB, "write -P 1 0 300k", "write -P 2 900M 64k");
      BaseDisk one = source.snapshots().create(WEB, new SnapshotName("one"));
      write(source, WEB, "write -z 64k 64k", "write -P 3 1M 1M");
      BaseDisk two = source.snapshots().create(WEB, new SnapshotName("two"));
      write(source, WEB, "write -P 4 5M 3k");

      assertEquals(3, export(source, WEB).size());
      Imported imported = importTo(target, COPY);

      assertSame(disk(source, WEB), disk(target, COPY));
      List<ImportedLayer> layers = imported.layers();
      assertSame(one.diskInfo().basePath(), file(target, layers.get(0)));
      assertSame(two.diskInfo().basePath(), file(target, layers.get(1)));
      assertEquals(
          ImmutableSet.of("one", "two"),
          ImmutableSet.copyOf(
              target.snapshots().list(COPY).stream()
                  .map(details -> details.base().snapshotName().orElseThrow().value())
                  .toList()));
      assertHealthy(source);
      assertHealthy(target);

      target.snapshots().restore(COPY, new SnapshotName("one"), null);
      assertSame(one.diskInfo().basePath(), disk(target, COPY));
      assertHealthy(target);
    }
  }

  private static Path file(BaseDisks home, ImportedLayer layer) {
    return home.bases().find(layer.base()).orElseThrow().base().diskInfo().basePath();
  }

  @Test
  void a_second_import_transfers_nothing_and_a_second_export_sends_nothing() {
    try (BaseDisks source = open("source");
        BaseDisks target = open("target")) {
      source.boxes().create(WEB, ByteSize.parse("64M"));
      write(source, WEB, "write -P 1 0 1M");
      source.snapshots().create(WEB, new SnapshotName("one"));
      write(source, WEB, "write -P 2 1M 1M");
      export(source, WEB);
      importTo(target, COPY);
      Imported again = importTo(target, BoxId.of("again"));

      assertTrue(again.layers().stream().allMatch(ImportedLayer::reused));
      assertTrue(export(source, WEB).stream().allMatch(ExportedLayer::skipped));
      assertSame(disk(source, WEB), disk(target, BoxId.of("again")));
      assertHealthy(target);
    }
  }

  @Test
  void an_image_of_a_box_or_a_snapshot_reads_the_same_and_needs_no_other_file() {
    try (BaseDisks source = open("source")) {
      source.boxes().create(WEB, ByteSize.parse("64M"));
      write(source, WEB, "write -P 1 0 1M");
      BaseDisk one = source.snapshots().create(WEB, new SnapshotName("one"));
      write(source, WEB, "write -P 2 512k 1M", "write -z 0 64k");
      Path image = scratch.resolve("web.qcow2");
      Path snapshot = scratch.resolve("one.qcow2");

      exportImage(source, null, image, NewImageFormat.Qcow2.DEFAULT);
      exportImage(
          source,
          new SnapshotName("one"),
          snapshot,
          NewImageFormat.Qcow2.DEFAULT.withCompression(Compression.of(CompressionType.ZSTD)));

      assertSame(disk(source, WEB), image);
      assertSame(one.diskInfo().basePath(), snapshot);
      for (Path file : List.of(image, snapshot)) {
        assertFalse(Tool.run("qemu-img", "info", "-f", "qcow2", file).contains("backing"));
      }
      assertHealthy(source);
    }
  }

  @Test
  void an_unwritten_disk_on_a_raw_file_that_was_grown_gives_an_image_of_its_size()
      throws IOException {
    Path raw = scratch.resolve("base.raw");
    Files.write(raw, new byte[] {1, 2, 3});
    Path vm = Files.createDirectory(scratch.resolve("vm")).resolve("disk.qcow2");
    Tool.run("qemu-img", "create", "-q", "-f", "qcow2", "-b", raw, "-F", "raw", vm, "8M");
    try (BaseDisks source = open("source")) {
      source
          .bases()
          .create(
              WEB,
              vm.getParent(),
              BaseDiskKind.CLONE_BASE,
              null,
              InternalSnapshots.REFUSE,
              ImmutableSet.of(raw));
      Path image = scratch.resolve("web.qcow2");

      ExportedImage exported = exportImage(source, null, image, NewImageFormat.Qcow2.DEFAULT);

      assertEquals(8 << 20, exported.virtualSize().bytes());
      assertSame(vm, image);
    }
  }

  private static ExportedImage exportImage(
      BaseDisks home, @Nullable SnapshotName snapshot, Path target, NewImageFormat.Qcow2 format) {
    return home.transfers()
        .exportImage(
            new ExportRequest(
                WEB, snapshot, Mode.FORK, InternalSnapshots.REFUSE, new Platform("amd64", "linux")),
            target,
            format,
            Progress.NONE);
  }

  @Test
  void a_raw_file_below_travels_as_a_raw_layer() throws IOException {
    Path raw = scratch.resolve("base.raw");
    byte[] bytes = new byte[3 << 20];
    bytes[1 << 20] = 7;
    Files.write(raw, bytes);
    Path vm = Files.createDirectory(scratch.resolve("vm")).resolve("disk.qcow2");
    Tool.run("qemu-img", "create", "-q", "-f", "qcow2", "-b", raw, "-F", "raw", vm);
    try (BaseDisks source = open("source");
        BaseDisks target = open("target")) {
      source
          .bases()
          .create(
              WEB,
              vm.getParent(),
              BaseDiskKind.CLONE_BASE,
              null,
              InternalSnapshots.REFUSE,
              ImmutableSet.of(raw));
      write(source, WEB, "write -P 9 2M 4k");
      export(source, WEB);
      importTo(target, COPY);

      assertSame(vm, disk(target, COPY));
      assertHealthy(target);
      target.boxes().remove(COPY, SnapshotsOnRemoval.REFUSE);
      assertEquals(List.of(), List.copyOf(target.bases().list(BaseFilter.ALL)));
    }
  }
}
