package io.basedisk.app;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.Immutable;
import io.basedisk.domain.adopt.AdoptionRequest;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.doctor.Doctor;
import io.basedisk.domain.image.AllowedFiles;
import io.basedisk.domain.image.ImageToOpen;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.image.RepairScope;
import io.basedisk.domain.image.SizeChange;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OpenDisk;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.snapshot.Snapshots;
import io.basedisk.domain.testing.MemoryLayerStore;
import io.basedisk.domain.transfer.ExportRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A home and images with data, and all calls on them that may take long. */
final class LongCalls implements AutoCloseable {

  static final BoxId WEB = BoxId.of("web");
  private static final BoxId DEEP = BoxId.of("deep");
  private static final SnapshotName INSTALLED = new SnapshotName("installed");
  private static final int IMAGE_BYTES = 3 << 20;

  final Path home;
  final Path images;
  final BaseDisks disks;
  private final MemoryLayerStore.Place place = new MemoryLayerStore.Place();
  private final ImageTools tools;

  /** One call. */
  enum Call {
    IMPORT_BOX(
        true,
        (calls, progress) ->
            calls.disks.boxes().createFromImage(BoxId.of("new"), calls.raw(), null, progress)),
    ADD_ROOTFS(
        true,
        (calls, progress) -> calls.disks.rootfs().add(new RootfsKey("os"), calls.raw(), progress)),
    PRUNE_ROOTFS(false, (calls, progress) -> calls.disks.rootfs().prune(0)),
    SNAPSHOT_BY_COPY(
        true,
        (calls, progress) ->
            calls
                .disks
                .snapshots()
                .create(
                    WEB,
                    new SnapshotName("copy"),
                    Snapshots.Mode.COPY,
                    InternalSnapshots.REFUSE,
                    progress)),
    CLONE_SNAPSHOT(
        true,
        (calls, progress) ->
            calls.disks.clones().cloneSnapshot(WEB, INSTALLED, clones("a", "b", "c"), progress)),
    CLONE_BOX(
        true,
        (calls, progress) ->
            calls
                .disks
                .clones()
                .cloneBox(DEEP, clones("a", "b", "c"), InternalSnapshots.REFUSE, progress)),
    COMPACT(
        true,
        (calls, progress) -> calls.disks.compactions().compact(DEEP, new MaxDepth(2), progress)),
    COMPACT_ALL(
        true, (calls, progress) -> calls.disks.compactions().compactAll(new MaxDepth(2), progress)),
    PLAN_TO_COMPACT_ALL(
        false, (calls, progress) -> calls.disks.compactions().planAll(new MaxDepth(2))),
    COLLECT(
        true,
        (calls, progress) ->
            calls.disks.garbageCollection().collect(GarbageCollection.Scope.DEFAULT, progress)),
    PLAN_TO_COLLECT(
        false,
        (calls, progress) -> calls.disks.garbageCollection().plan(GarbageCollection.Scope.DEFAULT)),
    EXAMINE(
        true, (calls, progress) -> calls.disks.doctor().examine(Doctor.Depth.CONTENT, progress)),
    REPAIR_HOME(
        true, (calls, progress) -> calls.disks.doctor().repair(Doctor.Depth.CONTENT, progress)),
    ADOPT(
        true,
        (calls, progress) ->
            calls.disks.adoption().adopt(calls.disks.adoption().plan(calls.adoption()), progress)),
    EXPORT(
        true,
        (calls, progress) ->
            calls.disks.transfers().exportBox(exportOf(WEB), calls.place.open("web"), progress)),
    EXPORT_IMAGE(
        true,
        (calls, progress) ->
            calls
                .disks
                .transfers()
                .exportImage(
                    exportOf(WEB),
                    calls.images.resolve("exported.qcow2"),
                    NewImageFormat.Qcow2.DEFAULT,
                    progress)),
    IMPORT_LAYERS(
        true,
        (calls, progress) ->
            calls
                .disks
                .transfers()
                .importBox(BoxId.of("layered"), calls.place.open("other"), null, progress)),
    PLAN_TO_ADOPT(false, (calls, progress) -> calls.disks.adoption().plan(calls.adoption())),
    REPORT_SPACE(false, (calls, progress) -> calls.disks.space().ofHome()),
    REPORT_SPACE_OF_A_BOX(false, (calls, progress) -> calls.disks.space().of(WEB)),
    CONVERT(
        true,
        (calls, progress) -> {
          try (OpenDisk disk = calls.tools.open(ImageToOpen.qcow2(calls.base()))) {
            calls.tools.convert(
                disk, calls.images.resolve("converted"), NewImageFormat.RAW, progress);
          }
        }),
    CHECK_IMAGE(false, (calls, progress) -> calls.tools.check(calls.base(), progress)),
    REPAIR_IMAGE(
        false, (calls, progress) -> calls.tools.repair(calls.base(), RepairScope.ALL, progress)),
    COMPARE(
        true,
        (calls, progress) -> {
          try (OpenDisk disk = calls.tools.open(ImageToOpen.qcow2(calls.base()));
              OpenDisk other = calls.tools.open(ImageToOpen.raw(calls.raw().file()))) {
            calls.tools.compare(disk, other, progress);
          }
        }),
    MEASURE(
        false,
        (calls, progress) -> {
          try (OpenDisk disk = calls.tools.open(ImageToOpen.qcow2(calls.base()))) {
            calls.tools.measure(disk, NewImageFormat.Qcow2.DEFAULT);
          }
        }),
    REBASE(
        false,
        (calls, progress) ->
            calls.tools.rebase(
                calls.overlay(), null, AllowedFiles.only(ImmutableSet.of(calls.base())), progress)),
    RESIZE_IMAGE(
        false,
        (calls, progress) ->
            calls.tools.resize(
                ImageToOpen.qcow2(calls.overlay())
                    .allowing(AllowedFiles.only(ImmutableSet.of(calls.base()))),
                SizeChange.to(new ByteSize(2L * IMAGE_BYTES)),
                progress));

    private final boolean looksBetweenReports;
    private final Work work;

    /**
     * @param looksBetweenReports whether the call looks for an interrupt after its first report of
     *     progress, even if the images are as small as these
     */
    Call(boolean looksBetweenReports, Work work) {
      this.looksBetweenReports = looksBetweenReports;
      this.work = work;
    }

    boolean looksBetweenReports() {
      return looksBetweenReports;
    }

    void make(LongCalls calls, Progress progress) {
      work.on(calls, progress);
    }
  }

  @Immutable
  @FunctionalInterface
  private interface Work {
    void on(LongCalls calls, Progress progress);
  }

  LongCalls(Path directory) {
    home = directory.resolve("home");
    images = directory.resolve("images");
    disks = BaseDisks.open(home);
    tools = disks.images();
    write(images.resolve("disk.raw"));
    convert(images.resolve("base.qcow2"));
    // Shorter than its backing file, so that a resize writes it anew.
    tools.create(overlay(), LayerFile.qcow2(base()), new ByteSize(IMAGE_BYTES / 2));
    convert(adoption().directory().resolve("one.qcow2"));
    convert(adoption().directory().resolve("two.qcow2"));
    exportOther(directory.resolve("other"));
    disks.rootfs().add(new RootfsKey("base"), raw(), Progress.NONE);
    disks.boxes().createFromImage(WEB, raw(), null, Progress.NONE);
    disks.snapshots().create(WEB, INSTALLED);
    disks.boxes().createFromImage(DEEP, raw(), null, Progress.NONE);
    for (String name : ImmutableList.of("s1", "s2", "s3")) {
      disks.snapshots().create(DEEP, new SnapshotName(name));
    }
    for (String name : ImmutableList.of("s1", "s2", "s3")) {
      disks.snapshots().remove(DEEP, new SnapshotName(name));
    }
  }

  /** Exports a box of another home, whose layer is not here. */
  private void exportOther(Path otherHome) {
    try (BaseDisks other = BaseDisks.open(otherHome)) {
      other.boxes().createFromImage(WEB, raw(), null, Progress.NONE);
      other.transfers().exportBox(exportOf(WEB), place.open("other"), Progress.NONE);
    }
  }

  private static ExportRequest exportOf(BoxId box) {
    return new ExportRequest(
        box, null, Snapshots.Mode.FORK, InternalSnapshots.REFUSE, new Platform("amd64", "linux"));
  }

  private static void write(Path file) {
    byte[] content = new byte[IMAGE_BYTES];
    new Random(1).nextBytes(content);
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void convert(Path target) {
    try (OpenDisk disk = tools.open(ImageToOpen.raw(raw().file()))) {
      Files.createDirectories(target.getParent());
      tools.convert(disk, target, NewImageFormat.Qcow2.DEFAULT, Progress.NONE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ImageSource raw() {
    return ImageSource.raw(images.resolve("disk.raw"));
  }

  private Path base() {
    return images.resolve("base.qcow2");
  }

  private Path overlay() {
    return images.resolve("overlay.qcow2");
  }

  private AdoptionRequest adoption() {
    return new AdoptionRequest(images.resolve("old"), null, ImmutableSet.of(), true);
  }

  private static ImmutableList<BoxId> clones(String... names) {
    return ImmutableList.copyOf(names).stream()
        .map(BoxId::of)
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public void close() {
    disks.close();
  }
}
