package io.basedisk.qcow2.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.testing.Images;
import io.basedisk.qcow2.testing.Qemu;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that we create are clean for QEMU, have the right content, and are as long as QEMU's. */
@Tag("oracle")
class NewImageOracleTest {

  @TempDir Path directory;

  private final Qcow2DiskImages images = new Qcow2DiskImages();

  @BeforeAll
  static void assumeQemu() {
    Qemu.assumeInstalled();
  }

  @ParameterizedTest
  @ValueSource(strings = {"512", "64K", "536870912", "536871424", "10G", "1T", "2048T"})
  void an_empty_image_is_clean_and_as_long_as_qemu_s(String size) throws IOException {
    Path ours = directory.resolve("ours.qcow2");
    Path theirs = directory.resolve("theirs.qcow2");
    images.createEmpty(ours, ByteSize.parse(size));
    Qemu.img("create", "-q", "-f", "qcow2", theirs, size);

    Qemu.check(ours);
    assertEquals(Files.size(theirs), Files.size(ours));
  }

  @Test
  void an_overlay_is_clean_and_reads_as_its_backing_file_and_zeros_beyond() {
    Path base = Images.golden("zstd.qcow2", directory);
    Path overlay = directory.resolve("overlay.qcow2");
    images.createOverlay(overlay, base, ImageFormat.QCOW2, ByteSize.parse("2M"));
    byte[] expected = new byte[2 << 20];
    byte[] content = Images.read(LayerFile.qcow2(base));
    System.arraycopy(content, 0, expected, 0, content.length);

    Qemu.check(overlay);
    assertArrayEquals(expected, Qemu.read(overlay));
    assertArrayEquals(expected, Images.read(LayerFile.qcow2(overlay), LayerFile.qcow2(base)));
  }

  @Test
  void an_overlay_on_a_raw_file_reads_as_that() throws IOException {
    Path base = Images.golden("chain-base.raw", directory);
    Path overlay = directory.resolve("overlay.qcow2");
    images.createOverlay(overlay, base, ImageFormat.RAW, new ByteSize(700_416));

    byte[] read = Qemu.read(overlay);

    assertArrayEquals(read, Images.read(LayerFile.qcow2(overlay), LayerFile.raw(base)));
    assertEquals(0x11, read[0]);
  }

  @Test
  void qemu_can_write_to_an_image_of_ours() {
    Path image = directory.resolve("ours.qcow2");
    images.createEmpty(image, ByteSize.parse("10G"));
    Qemu.io(image, List.of("write -P 5 9G 1M"));

    Qemu.check(image);
  }

  @Test
  void a_new_image_of_a_tebibyte_occupies_a_few_blocks() throws Exception {
    Path image = directory.resolve("ours.qcow2");
    images.createEmpty(image, ByteSize.parse("1T"));
    long blocks = Long.parseLong(output("stat", "-c", "%b", image.toString()).trim());

    assertTrue(blocks * 512 <= 16 << 10, blocks + " blocks of 512 bytes");
  }

  private static String output(String... command) throws IOException {
    Process process = new ProcessBuilder(command).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
