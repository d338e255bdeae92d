package io.basedisk.qcow2.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.SourceImage;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.OpenPolicy;
import io.basedisk.qcow2.write.Qcow2Options;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The digest of a disk's content. Stores keep digests, so the result must never change. */
class ContentDigestTest {

  private static final int BLOCK = 64 << 10;

  @TempDir private Path directory;
  private Path raw;
  private byte[] content;

  /** Makes a raw disk of five and a half blocks. The second and the last block hold data. */
  @BeforeEach
  void make_a_disk() throws IOException {
    content = new byte[5 * BLOCK + 1000];
    Arrays.fill(content, BLOCK + 10, BLOCK + 20, (byte) 7);
    content[5 * BLOCK] = 1;
    raw = Files.write(directory.resolve("raw"), content);
  }

  @Test
  void it_covers_the_size_and_the_number_and_bytes_of_each_block_with_data() throws Exception {
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    sha.update(number(5 * BLOCK + 1024));
    sha.update(number(1));
    sha.update(Arrays.copyOfRange(content, BLOCK, 2 * BLOCK));
    sha.update(number(5));
    sha.update(Arrays.copyOfRange(content, 5 * BLOCK, 6 * BLOCK)); // Padded with zeros.

    assertEquals(HexFormat.of().formatHex(sha.digest()), digest(raw, ImageFormat.RAW));
  }

  @Test
  void it_does_not_depend_on_the_cluster_size() {
    Path small = directory.resolve("small");
    Path large = directory.resolve("large");
    try (DiskImage disk = DiskImage.open(raw, ImageFormat.RAW, OpenPolicy.nothing())) {
      new Conversion(disk, small, Progress.NONE).toQcow2(Qcow2Options.DEFAULT.withClusterSize(512));
      new Conversion(disk, large, Progress.NONE)
          .toQcow2(Qcow2Options.DEFAULT.withClusterSize(2 << 20));
    }

    assertEquals(digest(raw, ImageFormat.RAW), digest(small, ImageFormat.QCOW2));
    assertEquals(digest(raw, ImageFormat.RAW), digest(large, ImageFormat.QCOW2));
  }

  @Test
  void an_interrupt_ends_the_digest_and_an_import_which_leaves_nothing() {
    Qcow2DiskImages images = new Qcow2DiskImages();
    SourceImage image = images.inspect(ImageSource.raw(raw));
    Path imported = directory.resolve("imported");
    ByteSize size = new ByteSize(image.virtualSize());
    Thread.currentThread().interrupt();

    assertThrows(
        InterruptedOperationException.class,
        () -> images.contentDigest(image, io.basedisk.domain.port.Progress.NONE));
    assertThrows(
        InterruptedOperationException.class,
        () -> images.importImage(imported, image, size, io.basedisk.domain.port.Progress.NONE));

    assertTrue(Thread.interrupted());
    assertFalse(Files.exists(imported));
  }

  private static byte[] number(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  private static String digest(Path file, ImageFormat format) {
    try (DiskImage disk = DiskImage.open(file, format, OpenPolicy.nothing())) {
      return ContentDigest.of(disk, Progress.NONE);
    }
  }
}
