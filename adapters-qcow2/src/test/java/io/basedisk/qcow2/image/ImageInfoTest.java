package io.basedisk.qcow2.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.basedisk.domain.image.BitmapInfo;
import io.basedisk.domain.image.CompressionType;
import io.basedisk.domain.image.ImageInfo;
import io.basedisk.domain.image.InternalSnapshotInfo;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.qcow2.testing.Images;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageInfoTest {

  @TempDir Path directory;

  @Test
  void the_features_of_an_image_are_told() {
    ImageInfo info = ImageInfoReader.read(Images.golden("extended.qcow2", directory));

    assertEquals(
        List.of("1.1", 1L << 20, 16384, CompressionType.ZLIB, 16, true, false, false, false),
        List.of(
            info.compat(),
            info.virtualSize(),
            info.clusterSize(),
            info.compression(),
            info.refcountBits(),
            info.extendedL2(),
            info.lazyRefcounts(),
            info.corrupt(),
            info.dirty()));
  }

  @Test
  void snapshots_are_listed_in_their_order() {
    ImageInfo info = ImageInfoReader.read(Images.golden("snapshots.qcow2", directory));

    assertEquals(
        List.of("1 first", "2 second"),
        info.snapshots().stream().map(s -> s.id() + " " + s.name()).toList());
  }

  @Test
  void a_snapshot_tells_the_size_that_the_disk_had() {
    ImageInfo info = ImageInfoReader.read(Images.golden("snapshots.qcow2", directory));
    InternalSnapshotInfo first = info.snapshots().get(0);

    assertEquals(1 << 20, first.virtualSize().orElseThrow());
  }

  @Test
  void bitmaps_are_listed_in_their_order() {
    ImageInfo info = ImageInfoReader.read(Images.golden("bitmaps.qcow2", directory));

    assertEquals(
        List.of("daily 65536 true", "weekly 32768 false"),
        info.bitmaps().stream().map(ImageInfoTest::shown).toList());
  }

  private static String shown(BitmapInfo bitmap) {
    return bitmap.name() + " " + bitmap.granularity() + " " + bitmap.auto();
  }

  @Test
  void the_backing_file_is_told_with_its_format() {
    ImageInfo info = ImageInfoReader.read(Images.golden("chain-middle.qcow2", directory));

    assertEquals(new BackingFile("chain-base.raw", "raw"), info.backing());
  }

  @ParameterizedTest
  @CsvSource({
    "/a/b/disk.qcow2, base.qcow2,    /a/b/base.qcow2",
    "/a/b/disk.qcow2, ../base.qcow2, /a/b/../base.qcow2",
    "/a/b/disk.qcow2, /c/base.qcow2, /c/base.qcow2",
    "/a/b/disk.qcow2, nbd:localhost, nbd:localhost",
    "/a/b/disk.qcow2, ./a:b,         /a/b/./a:b",
    "disk.qcow2,      base.qcow2,    base.qcow2",
  })
  void a_backing_name_is_completed_as_qemu_does(String file, String name, String full) {
    ImageInfo info = ImageInfoReader.read(Images.golden("zero.qcow2", directory));
    ImageInfo named =
        new ImageInfo(
            Path.of(file),
            info.version(),
            info.virtualSize(),
            info.allocatedBytes(),
            info.clusterSize(),
            info.compression(),
            info.lazyRefcounts(),
            info.refcountBits(),
            info.corrupt(),
            info.dirty(),
            info.extendedL2(),
            new BackingFile(name, null),
            info.bitmaps(),
            info.snapshots(),
            info.obstacles());

    assertEquals(Optional.of(full), named.fullBackingFilename());
  }
}
