package io.basedisk.crash;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.snapshot.Snapshots;
import io.basedisk.domain.testing.MemoryLayerStore;
import io.basedisk.domain.transfer.ExportRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Exports and imports, through a place in memory, for an {@link Operation}. */
final class Travelling {

  private static final String REFERENCE = "box";

  /** A sample of another home, whose layers no home has that a test makes. */
  private static final Supplier<MemoryLayerStore.Place> SAMPLE =
      Suppliers.memoize(Travelling::exportSample);

  private Travelling() {}

  private static MemoryLayerStore.Place exportSample() {
    MemoryLayerStore.Place place = new MemoryLayerStore.Place();
    try {
      Path directory = Files.createTempDirectory("sample").toRealPath();
      try (OpenHome home = OpenHome.open(directory.resolve("home"))) {
        export(home.disks, Sample.make(home, REFERENCE).box(), place);
      } finally {
        MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
      }
      return place;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the sample, so that this is no part of an operation that fails or is interrupted. */
  static void prepare() {
    MemoryLayerStore.Place unused = SAMPLE.get();
  }

  static void export(BaseDisks disks, String box, MemoryLayerStore.Place place) {
    disks.transfers().exportBox(request(box), place.open(REFERENCE), Progress.NONE);
  }

  static void importSample(BaseDisks disks, BoxId box) {
    disks.transfers().importBox(box, SAMPLE.get().open(REFERENCE), null, Progress.NONE);
  }

  /** Exports to a file beside the home, and deletes the file. */
  static void exportImage(BaseDisks disks, String box) {
    Path image = disks.home().home().resolveSibling(box + ".qcow2");
    try {
      disks
          .transfers()
          .exportImage(request(box), image, NewImageFormat.Qcow2.DEFAULT, Progress.NONE);
    } finally {
      delete(image);
    }
  }

  private static void delete(Path image) {
    try {
      Files.deleteIfExists(image);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ExportRequest request(String box) {
    return new ExportRequest(
        BoxId.of(box),
        null,
        Snapshots.Mode.FORK,
        InternalSnapshots.REFUSE,
        new Platform("amd64", "linux"));
  }
}
