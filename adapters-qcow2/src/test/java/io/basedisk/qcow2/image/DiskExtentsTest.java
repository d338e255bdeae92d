package io.basedisk.qcow2.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.qcow2.Seed;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.testing.Images;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The extents of a disk; see {@code golden/make.sh} for the images. */
class DiskExtentsTest {

  private static final int K = 1 << 10;

  @TempDir Path directory;

  private DiskImage golden(String name) {
    return DiskImage.open(List.of(LayerFile.qcow2(Images.golden(name, directory))));
  }

  private DiskImage goldenChain() {
    return DiskImage.open(
        List.of(
            LayerFile.qcow2(Images.golden("chain-top.qcow2", directory)),
            LayerFile.qcow2(Images.golden("chain-middle.qcow2", directory)),
            LayerFile.raw(Images.golden("chain-base.raw", directory))));
  }

  @Test
  void compressed_clusters_in_a_row_are_one_extent() {
    try (DiskImage disk = golden("zlib.qcow2")) {
      assertEquals(
          new DiskExtent.Compressed(0, 8 * K, 0), ImmutableList.copyOf(disk.extents()).get(0));
    }
  }

  @Test
  void a_range_that_no_layer_has_allocated_is_a_hole() {
    try (DiskImage disk = golden("bitmaps.qcow2")) {
      assertEquals(
          ImmutableList.of(new DiskExtent.Hole(0, 1024 * K, 0, HostOffset.NOWHERE)),
          ImmutableList.copyOf(disk.extents()));
    }
  }

  @Test
  void zeros_of_a_layer_are_told_from_holes() {
    try (DiskImage disk = golden("zero.qcow2")) {
      assertEquals(
          new DiskExtent.Zero(64 * K, 16 * K, 0, HostOffset.NOWHERE),
          ImmutableList.copyOf(disk.extents(64 * K, 16 * K)).get(0));
    }
  }

  @Test
  void each_extent_of_a_chain_names_its_layer() {
    try (DiskImage disk = goldenChain()) {
      assertEquals(
          ImmutableList.of(2, 0, 2, 1, 0, 0, 0),
          ImmutableList.copyOf(disk.extents()).stream().map(DiskExtent::layer).toList());
    }
  }

  @Test
  void data_of_a_raw_layer_is_where_it_is_on_the_disk() {
    try (DiskImage disk = goldenChain()) {
      assertEquals(
          new DiskExtent.Data(10 * K, 1 * K, 2, new HostOffset(10 * K), false),
          disk.extents(10 * K, 1 * K).next());
    }
  }

  @Test
  void extents_cover_the_requested_range_and_match_its_content() {
    Random random = new Random(Seed.VALUE);
    try (DiskImage disk = goldenChain()) {
      for (int i = 0; i < 300; i++) {
        long start = random.nextLong(disk.virtualSize());
        long length = random.nextLong(disk.virtualSize() - start + 1);
        assertCover(disk, start, length);
      }
    }
  }

  private static void assertCover(DiskImage disk, long start, long length) {
    long at = start;
    for (Iterator<DiskExtent> extents = disk.extents(start, length); extents.hasNext(); ) {
      DiskExtent extent = extents.next();
      assertEquals(at, extent.start(), "seed " + Seed.VALUE);
      if (extent.isZero()) {
        ByteBuffer bytes = ByteBuffer.allocate((int) extent.length());
        disk.read(at, bytes);
        assertEquals(ByteBuffer.allocate((int) extent.length()), bytes.flip());
      }
      at = extent.end();
    }
    assertEquals(start + length, at, "seed " + Seed.VALUE);
  }

  @Test
  void an_empty_range_has_no_extent() {
    try (DiskImage disk = golden("zlib.qcow2")) {
      assertFalse(disk.extents(disk.virtualSize(), 0).hasNext());
    }
  }

  @Test
  void a_range_beyond_the_disk_has_no_extents() {
    try (DiskImage disk = golden("zlib.qcow2")) {
      assertThrows(IllegalArgumentException.class, () -> disk.extents(1, disk.virtualSize()));
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_hole_of_a_raw_file_is_known_to_be_zero() throws IOException {
    Path raw = directory.resolve("sparse.raw");
    try (RandomAccessFile file = new RandomAccessFile(raw.toFile(), "rw")) {
      file.setLength(4 << 20);
      file.seek(1 << 20);
      file.write(new byte[1 << 20]);
    }
    try (DiskImage disk = DiskImage.open(List.of(LayerFile.raw(raw)))) {
      assertEquals(
          ImmutableList.of(
              new DiskExtent.Data(0, 1 << 20, 0, new HostOffset(0), true),
              new DiskExtent.Data(1 << 20, 1 << 20, 0, new HostOffset(1 << 20), false),
              new DiskExtent.Data(2 << 20, 2 << 20, 0, new HostOffset(2 << 20), true)),
          ImmutableList.copyOf(disk.extents()));
    }
  }

  @Test
  void a_renamed_file_is_all_data() throws IOException {
    Path raw = directory.resolve("sparse.raw");
    try (RandomAccessFile file = new RandomAccessFile(raw.toFile(), "rw")) {
      file.setLength(4 << 20);
    }
    try (DiskImage disk = DiskImage.open(List.of(LayerFile.raw(raw)))) {
      assertTrue(raw.toFile().renameTo(directory.resolve("renamed").toFile()));
      assertFalse(disk.extents().next().isZero());
    }
  }
}
