package io.basedisk.qcow2.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.testing.TestNotes;
import io.basedisk.qcow2.Seed;
import io.basedisk.qcow2.testing.Images;
import io.basedisk.qcow2.testing.Qemu;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Disks that QEMU compressed, read byte for byte. For disks with guest writes, see {@code
 * ReadingMatrixOracleTest}.
 */
@Tag("oracle")
class DiskImageOracleTest {

  @RegisterExtension private final TestNotes notes = new TestNotes();

  @TempDir Path directory;

  @BeforeAll
  static void assumeQemu() {
    Qemu.assumeInstalled();
  }

  @ParameterizedTest
  @CsvSource({
    "zlib, 512", "zlib, 4K", "zlib, 64K", "zlib, 2M",
    "zstd, 512", "zstd, 4K", "zstd, 64K", "zstd, 2M",
  })
  void a_disk_that_was_compressed_as_a_whole_reads_as_before(String type, String clusterSize)
      throws Exception {
    long seed = Seed.VALUE;
    notes.add("%s %s: seed %d", type, clusterSize, seed);
    byte[] content = halfCompressible(new Random(seed), 5_000_192);
    Path raw = directory.resolve("disk.raw");
    Path image = directory.resolve("disk.qcow2");
    Files.write(raw, content);
    Qemu.img(
        "convert",
        "-c",
        "-f",
        "raw",
        "-O",
        "qcow2",
        "-o",
        "compression_type=" + type + ",cluster_size=" + clusterSize,
        raw,
        image);

    assertArrayEquals(content, Images.read(LayerFile.qcow2(image)), "seed " + seed);
  }

  private static byte[] halfCompressible(Random random, int length) {
    byte[] content = new byte[length];
    for (int at = 0; at < length; at += 5000) {
      int end = Math.min(length, at + 5000);
      int symbols = 1 + random.nextInt(256);
      for (int i = at; i < end; i++) {
        content[i] = (byte) random.nextInt(symbols);
      }
    }
    return content;
  }
}
