package io.basedisk.qcow2.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.basedisk.domain.image.ContentObstacles;
import io.basedisk.qcow2.testing.Qemu;
import io.basedisk.qcow2.testing.QemuInfo;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our information about an image equals that of {@code qemu-img info}. */
@Tag("oracle")
class ImageInfoOracleTest {

  @TempDir Path directory;

  @BeforeAll
  static void assumeQemu() {
    Qemu.assumeInstalled();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compat=0.10",
        "compat=0.10,cluster_size=512",
        "cluster_size=4K,refcount_bits=1",
        "cluster_size=2M,refcount_bits=64",
        "lazy_refcounts=on",
        "compression_type=zstd",
        "extended_l2=on",
      })
  void the_options_that_an_image_was_made_with(String options) {
    Path image = create(options, "100M");

    QemuInfo.assertSame(image);
  }

  @Test
  void a_backing_file_with_a_relative_name() {
    create("cluster_size=64K", "100M", "base.qcow2");
    Path image = create("cluster_size=64K,backing_file=base.qcow2,backing_fmt=qcow2", "100M");

    QemuInfo.assertSame(image);
  }

  @Test
  void internal_snapshots() {
    Path image = create("cluster_size=64K", "100M");
    Qemu.img("snapshot", "-c", "before the update", image);
    Qemu.img("resize", "-q", image, "+1M");
    Qemu.img("snapshot", "-c", "after the update", image);

    QemuInfo.assertSame(image);
  }

  @Test
  void bitmaps() {
    Path image = create("cluster_size=64K", "100M");
    Qemu.img("bitmap", "--add", image, "daily");
    Qemu.img("bitmap", "--add", "-g", "32K", "--disable", image, "weekly");

    QemuInfo.assertSame(image);
  }

  @Test
  void a_size_that_is_no_multiple_of_512() throws IOException {
    Path image = create("cluster_size=64K", "100M");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.seek(24);
      file.writeLong(1_000_000);
    }

    QemuInfo.assertSame(image);
  }

  @Test
  void a_corrupt_image() throws IOException {
    Path image = create("cluster_size=64K", "100M");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.seek(79);
      file.writeByte(2);
    }

    QemuInfo.assertSame(image);
  }

  @Test
  void an_encrypted_image_is_described() {
    Path image = directory.resolve("disk.qcow2");
    Qemu.img(
        "create",
        "-q",
        "--object",
        "secret,id=key,data=abc",
        "-f",
        "qcow2",
        "-o",
        "encrypt.format=aes,encrypt.key-secret=key",
        image,
        "1M");

    ContentObstacles obstacles = ImageInfoReader.read(image).obstacles();

    assertEquals(new ContentObstacles.Encryption("aes", null), obstacles.encryption());
  }

  private Path create(String options, String size) {
    return create(options, size, "disk.qcow2");
  }

  private Path create(String options, String size, String name) {
    Path image = directory.resolve(name);
    Qemu.img("create", "-q", "-f", "qcow2", "-o", options, image, size);
    return image;
  }
}
