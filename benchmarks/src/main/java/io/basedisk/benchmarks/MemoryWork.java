package io.basedisk.benchmarks;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterators;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.image.Compression;
import io.basedisk.domain.image.CompressionType;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.place.ArtifactPlaces;
import io.basedisk.qcow2.check.RefcountCheck;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.OpenPolicy;
import io.basedisk.qcow2.operation.Conversion;
import io.basedisk.qcow2.operation.ImageMap;
import io.basedisk.qcow2.write.Qcow2Options;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All operations on a disk of 1 TiB, in processes with little memory. */
final class MemoryWork implements Work {

  private static final String HEAP = "-Xmx256m";

  @Override
  public ImmutableList<Row> measure(Session session) throws Exception {
    Place place = session.place();
    Path jar =
        Path.of(MemoryWork.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path home = place.fresh("large");
    List<Row> rows = new ArrayList<>();
    for (Step step : Step.values()) {
      Command command =
          Command.of(
              java,
              HEAP,
              "-cp",
              jar.toString(),
              Child.class.getName(),
              step.name(),
              home.toString());
      try {
        double seconds = command.time();
        rows.add(Row.success(Bar.MEMORY, step.what, place.fileSystem(), seconds));
      } catch (IOException e) {
        rows.add(Row.failure(Bar.MEMORY, step.what, place.fileSystem(), e.getMessage()));
      }
    }
    Place.remove(home);
    return ImmutableList.copyOf(rows);
  }

  /** The operations, in their order. */
  private enum Step {
    BOX("a box, its tables all there") {
      @Override
      void run(BaseDisks disks, Path home) throws Exception {
        disks.boxes().create(SOURCE, ByteSize.parse("1T"));
        Path disk = disk(disks, SOURCE);
        Command.of(
                "qemu-img",
                "create",
                "-q",
                "-f",
                "qcow2",
                "-o",
                "preallocation=metadata",
                disk.toString(),
                "1T")
            .run();
        StringBuilder writes = new StringBuilder();
        for (int i = 0; i < 256; i++) {
          writes.append("write -q -P 7 ").append((i * 4L) << 30).append(" 1M\n");
        }
        Command.of("qemu-io", disk.toString()).reading(writes.toString()).run();
      }
    },
    FORK("fork") {
      @Override
      void run(BaseDisks disks, Path home) {
        disks.bases().create(SOURCE, BaseDiskKind.CLONE_BASE, null);
      }
    },
    CLONE("clone x 1000") {
      @Override
      void run(BaseDisks disks, Path home) {
        ImmutableList.Builder<BoxId> clones = ImmutableList.builder();
        for (int i = 0; i < 1000; i++) {
          clones.add(BoxId.of("clone-" + i));
        }
        disks.clones().cloneBox(SOURCE, clones.build());
      }
    },
    CHECK("check") {
      @Override
      void run(BaseDisks disks, Path home) {
        Path base = disks.bases().list(BaseFilter.ALL).get(0).base().diskInfo().basePath();
        if (!RefcountCheck.check(base).isClean()) {
          throw new IllegalStateException(base + " is not clean");
        }
      }
    },
    MAP("map") {
      @Override
      void run(BaseDisks disks, Path home) {
        try (DiskImage disk = open(disks, home)) {
          if (Iterators.size(ImageMap.of(disk)) < 256) {
            throw new IllegalStateException("too few extents");
          }
        }
      }
    },
    READ("a million reads") {
      @Override
      void run(BaseDisks disks, Path home) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(ChainReads.LENGTH);
        try (DiskImage disk = open(disks, home)) {
          for (long i = 0; i < 1_000_000; i++) {
            disk.read((i * 16_777_259 * ChainReads.LENGTH) % disk.virtualSize(), buffer.clear());
          }
        }
      }
    },
    FLATTEN("flatten") {
      @Override
      void run(BaseDisks disks, Path home) throws Exception {
        convert(disks, home, Qcow2Options.DEFAULT);
      }
    },
    COMPRESS("compressed convert") {
      @Override
      void run(BaseDisks disks, Path home) throws Exception {
        convert(
            disks,
            home,
            Qcow2Options.DEFAULT.withCompression(Compression.of(CompressionType.ZSTD)));
      }
    },
    EXPORT("export of 100 GiB, sparse") {
      @Override
      void run(BaseDisks disks, Path home) throws Exception {
        disks.boxes().create(SPARSE, ByteSize.parse("100G"));
        // The file is as long as the disk.
        Command.of(
                "qemu-img",
                "create",
                "-q",
                "-f",
                "qcow2",
                "-o",
                "preallocation=metadata",
                disk(disks, SPARSE).toString(),
                "100G")
            .run();
        try (LayerStore place =
            ArtifactPlaces.using(home.getParent()).createArchive(archive(home))) {
          Transfer.send(disks, SPARSE, null, place);
        }
        disks.boxes().remove(SPARSE, SnapshotsOnRemoval.REFUSE);
      }
    },
    IMPORT("import of 100 GiB, sparse") {
      @Override
      void run(BaseDisks disks, Path home) throws Exception {
        try (LayerStore place = ArtifactPlaces.using(home.getParent()).openArchive(archive(home))) {
          Transfer.receive(disks, SPARSE, place);
        }
        Files.delete(archive(home));
      }
    };

    private static final BoxId SOURCE = BoxId.of("source");
    private static final BoxId SPARSE = BoxId.of("sparse");

    private final String what;

    Step(String what) {
      this.what = what;
    }

    abstract void run(BaseDisks disks, Path home) throws Exception;

    private static Path disk(BaseDisks disks, BoxId box) {
      return disks.boxes().get(box).box().disk(DiskSlot.CONTAINER);
    }

    private static Path archive(Path home) {
      return home.resolveSibling("sparse.tar");
    }

    private static DiskImage open(BaseDisks disks, Path home) {
      return DiskImage.open(disk(disks, SOURCE), OpenPolicy.inside(home));
    }

    private static void convert(BaseDisks disks, Path home, Qcow2Options options)
        throws IOException {
      Path to = home.resolve("converted.qcow2");
      try (DiskImage disk = open(disks, home)) {
        new Conversion(disk, to, Progress.NONE).toQcow2(options);
      }
      Files.delete(to);
    }
  }

  /** A process with little memory. */
  static final class Child {

    private Child() {}

    /** Runs one operation in a home. */
    public static void main(String[] args) throws Exception {
      Path home = Path.of(args[1]);
      try (BaseDisks disks = BaseDisks.open(home)) {
        Step.valueOf(args[0]).run(disks, home);
      }
    }
  }
}
