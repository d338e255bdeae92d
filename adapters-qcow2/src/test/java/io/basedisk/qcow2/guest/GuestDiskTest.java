package io.basedisk.qcow2.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.testing.Images;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A guest's writes, without QEMU. */
class GuestDiskTest {

  private static final ByteSize SIZE = ByteSize.parse("1M");

  @TempDir Path directory;

  private final Qcow2DiskImages images = new Qcow2DiskImages();

  @Test
  void a_write_to_a_part_of_a_cluster_copies_the_rest_from_the_backing_file() {
    Path base = Images.golden("zstd.qcow2", directory);
    byte[] expected = Images.read(LayerFile.qcow2(base));
    Path overlay = overlay(base);
    byte[] written = {1, 2, 3};
    System.arraycopy(written, 0, expected, 1000, 3);

    try (GuestDisk guest = open(overlay, base)) {
      guest.write(1000, ByteBuffer.wrap(written));
    }

    assertArrayEquals(expected, Images.read(LayerFile.qcow2(overlay), LayerFile.qcow2(base)));
  }

  @Test
  void a_write_leaves_the_backing_file_as_it_is() throws IOException {
    Path base = Images.golden("zstd.qcow2", directory);
    byte[] before = Files.readAllBytes(base);

    try (GuestDisk guest = open(overlay(base), base)) {
      guest.write(0, ByteBuffer.allocate(100_000));
    }

    assertArrayEquals(before, Files.readAllBytes(base));
  }

  @Test
  void a_write_is_visible_before_it_is_flushed() {
    try (GuestDisk guest = open(empty())) {
      guest.write(500, ByteBuffer.wrap(new byte[] {7}));
      ByteBuffer read = ByteBuffer.allocate(1);
      guest.read(500, read);

      assertEquals(7, read.get(0));
    }
  }

  @Test
  void a_cluster_is_allocated_once() throws IOException {
    Path disk = empty();
    try (GuestDisk guest = open(disk)) {
      guest.write(0, ByteBuffer.allocate(1));
      guest.flush();
      long length = Files.size(disk);
      guest.write(0, ByteBuffer.allocate(65536));
      guest.flush();

      assertEquals(length, Files.size(disk));
    }
  }

  @Test
  void a_crash_before_a_flush_leaves_the_disk_as_it_was_flushed() throws IOException {
    Path disk = empty();
    Path crashed = directory.resolve("crashed.qcow2");
    try (GuestDisk guest = open(disk)) {
      guest.write(0, ByteBuffer.wrap(new byte[] {1}));
      guest.flush();
      guest.write(200_000, ByteBuffer.wrap(new byte[] {2}));
      Files.copy(disk, crashed);
    }
    byte[] expected = new byte[(int) SIZE.bytes()];
    expected[0] = 1;

    assertArrayEquals(expected, Images.read(LayerFile.qcow2(crashed)));
  }

  @Test
  void a_write_beyond_the_end_of_the_disk_changes_nothing() {
    Path disk = empty();
    try (GuestDisk guest = open(disk)) {
      assertThrows(
          IllegalArgumentException.class,
          () -> guest.write(SIZE.bytes() - 1, ByteBuffer.allocate(2)));
    }
    assertTrue(images.isEmptyOverlay(disk));
  }

  @Test
  void a_compressed_cluster_is_read_but_not_written() {
    Path disk = Images.golden("zlib.qcow2", directory);
    try (GuestDisk guest = open(disk)) {
      ByteBuffer read = ByteBuffer.allocate(1);
      guest.read(0, read);
      assertEquals(8, read.get(0));

      InvalidImageException refusal =
          assertThrows(InvalidImageException.class, () -> guest.write(0, ByteBuffer.allocate(1)));
      assertTrue(refusal.getMessage().contains("compressed"), refusal.getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "v2-512.qcow2, version 2",
    "extended.qcow2, extended L2 entries",
    "snapshots.qcow2, internal snapshots",
    "bitmaps.qcow2, bitmaps",
  })
  void a_layout_that_can_t_be_written_is_refused_by_name(String image, String name) {
    assertRefused(Images.golden(image, directory), name);
  }

  @ParameterizedTest
  @CsvSource({
    "79, 1, the dirty bit",
    "79, 2, the corrupt bit",
    "88, 1, unknown autoclear features",
    "99, 3, 8-bit refcounts",
  })
  void a_header_that_forbids_writing_is_refused_by_name(int at, byte value, String name)
      throws IOException {
    Path disk = empty();
    try (FileChannel channel = FileChannel.open(disk, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {value}), at);
    }
    assertRefused(disk, name);
  }

  @Test
  void a_raw_disk_is_refused() {
    assertThrows(
        InvalidArgumentException.class,
        () -> GuestDisk.open(List.of(LayerFile.raw(Images.golden("chain-base.raw", directory)))));
  }

  private static void assertRefused(Path disk, String name) {
    InvalidImageException refusal =
        assertThrows(InvalidImageException.class, () -> open(disk).close());
    assertTrue(refusal.getMessage().contains("with " + name), refusal.getMessage());
  }

  private Path empty() {
    Path disk = directory.resolve("disk.qcow2");
    images.createEmpty(disk, SIZE);
    return disk;
  }

  private Path overlay(Path base) {
    Path disk = directory.resolve("overlay.qcow2");
    images.createOverlay(disk, base, ImageFormat.QCOW2, SIZE);
    return disk;
  }

  private static GuestDisk open(Path... layers) {
    return GuestDisk.open(List.of(layers).stream().map(LayerFile::qcow2).toList());
  }
}
