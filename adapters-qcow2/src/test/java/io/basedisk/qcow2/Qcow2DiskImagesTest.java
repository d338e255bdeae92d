package io.basedisk.qcow2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.testing.DiskImagesContract;
import io.basedisk.qcow2.image.GuestDisk;
import io.basedisk.qcow2.image.ImageMetadata;
import io.basedisk.qcow2.image.LayerFile;
import io.basedisk.qcow2.testing.Images;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class Qcow2DiskImagesTest extends DiskImagesContract {

  private static final long MAX_VIRTUAL_SIZE = 1L << 51;

  @TempDir Path directory;

  private final DiskImages images = new Qcow2DiskImages();

  @Override
  protected DiskImages images() {
    return images;
  }

  @Override
  protected Path root() {
    return directory;
  }

  @Override
  protected boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  protected int mode(Path path) {
    try {
      return Files.getPosixFilePermissions(path).stream()
          .mapToInt(permission -> 1 << PosixFilePermission.OTHERS_EXECUTE.compareTo(permission))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void writeGarbage(Path path, byte[] content) {
    try {
      Files.write(path, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void makeDirectory(Path path) {
    try {
      Files.createDirectory(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void writeAsGuest(Path image) {
    try (GuestDisk guest = GuestDisk.open(List.of(LayerFile.qcow2(image)))) {
      guest.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
    }
  }

  // What only this format has.

  @Test
  void internal_snapshots_are_counted() {
    Path image = Images.golden("snapshots.qcow2", directory);

    assertEquals(new ImageHeader(3, 1 << 20, null, false, false, 2, 0), images.readHeader(image));
  }

  @Test
  void bitmaps_are_counted() {
    Path image = Images.golden("bitmaps.qcow2", directory);

    assertEquals(new ImageHeader(3, 1 << 20, null, false, false, 0, 2), images.readHeader(image));
  }

  @Test
  void an_image_with_bitmaps_is_not_unwritten() {
    assertFalse(images.isUnwritten(Images.golden("bitmaps.qcow2", directory)));
  }

  @Test
  void an_image_whose_only_content_is_in_snapshots_is_not_unwritten() throws IOException {
    Path image = Images.golden("snapshots.qcow2", directory);
    zeroL1Table(image);

    assertFalse(images.isUnwritten(image));
  }

  @Test
  void an_image_without_l1_entries_is_unwritten() throws IOException {
    Path image = Images.golden("zero.qcow2", directory);
    zeroL1Table(image);

    assertTrue(images.isUnwritten(image));
  }

  @Test
  void an_external_data_file_is_refused_by_name() {
    Path image = Images.golden("external.qcow2", directory);

    String message =
        assertThrows(InvalidImageException.class, () -> images.readHeader(image)).getMessage();

    assertTrue(message.contains("external data file"), message);
  }

  @Test
  @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void a_fifo_is_invalid_and_not_waited_for() throws Exception {
    Path fifo = directory.resolve("fifo");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());

    assertThrows(InvalidImageException.class, () -> images.readHeader(fifo));
  }

  @Test
  void two_pebibytes_are_the_largest_disk() {
    Path image = directory.resolve("largest.qcow2");
    images.createEmpty(image, new ByteSize(MAX_VIRTUAL_SIZE));

    assertEquals(MAX_VIRTUAL_SIZE, images.readHeader(image).virtualSize());
  }

  @Test
  void a_sector_more_than_two_pebibytes_is_refused() {
    assertThrows(
        InvalidArgumentException.class,
        () ->
            images.createEmpty(
                directory.resolve("too-large.qcow2"), new ByteSize(MAX_VIRTUAL_SIZE + 512)));
  }

  @Test
  void a_relative_backing_path_is_refused() {
    assertThrows(
        InvalidArgumentException.class,
        () ->
            images.createOverlay(
                directory.resolve("disk.qcow2"),
                Path.of("base.qcow2"),
                ImageFormat.QCOW2,
                new ByteSize(512)));
  }

  private static void zeroL1Table(Path image) throws IOException {
    long start;
    int size;
    try (ImageMetadata metadata = ImageMetadata.open(image)) {
      start = metadata.header().l1Table().bytes();
      size = (int) metadata.header().l1Bytes();
    }
    try (var channel = Files.newByteChannel(image, StandardOpenOption.WRITE)) {
      channel.position(start).write(ByteBuffer.allocate(size));
    }
  }
}
