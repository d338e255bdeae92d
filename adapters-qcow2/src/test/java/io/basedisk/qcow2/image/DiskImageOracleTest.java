package io.basedisk.qcow2.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.basedisk.qcow2.Seed;
import io.basedisk.qcow2.testing.GuestActions;
import io.basedisk.qcow2.testing.Images;
import io.basedisk.qcow2.testing.Qemu;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images that QEMU wrote, in every layout, read byte for byte as in QEMU. */
@Tag("oracle")
class DiskImageOracleTest {

  @TempDir Path directory;

  @BeforeAll
  static void assumeQemu() {
    Qemu.assumeInstalled();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "compat=0.10,cluster_size=512               |     512 |  3145728",
        "compat=0.10,cluster_size=64K               |   65536 |  8388608",
        "cluster_size=512                           |     512 |  3146240",
        "cluster_size=512,compression_type=zstd     |     512 |  3146240",
        "cluster_size=4K                            |    4096 |  4195328",
        "cluster_size=64K                           |   65536 |  8389120",
        "cluster_size=64K,compression_type=zstd     |   65536 |  8389120",
        "cluster_size=64K,refcount_bits=1           |   65536 |  8389120",
        "cluster_size=64K,refcount_bits=64          |   65536 |  8389120",
        "cluster_size=2M                            | 2097152 | 41943552",
        "cluster_size=2M,compression_type=zstd      | 2097152 | 41943552",
        "cluster_size=16K,extended_l2=on            |   16384 |  4195328",
        "cluster_size=64K,extended_l2=on            |   65536 |  8389120",
        "cluster_size=2M,extended_l2=on             | 2097152 | 41943552",
      })
  void what_a_guest_did_reads_as_in_qemu(String options, int clusterSize, long virtualSize) {
    long seed = Seed.VALUE;
    System.out.println(options + ": seed " + seed);
    Path image = directory.resolve("disk.qcow2");
    Qemu.img("create", "-q", "-f", "qcow2", "-o", options, image, virtualSize);
    Qemu.io(image, new GuestActions(new Random(seed), virtualSize, clusterSize, true).commands(60));

    assertArrayEquals(Qemu.read(image), Images.read(LayerFile.qcow2(image)), "seed " + seed);
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource({
    "64K, 64K, 64K",
    "4K, 64K, 512",
    "2M, 512, 64K",
    "512, 2M, 4K",
  })
  void a_chain_of_layers_of_many_kinds_reads_as_in_qemu(String low, String middle, String top)
      throws Exception {
    long seed = Seed.VALUE;
    System.out.println("chain " + low + " " + middle + " " + top + ": seed " + seed);
    Random random = new Random(seed);
    Path raw = directory.resolve("base.raw");
    byte[] content = new byte[3_000_000 + random.nextInt(100_000)];
    random.nextBytes(content);
    Files.write(raw, content);
    Path first = layer(random, "first.qcow2", low, raw, "raw", 5 << 20);
    Path second = layer(random, "second.qcow2", middle, first, "qcow2", 4 << 20);
    Path third = layer(random, "third.qcow2", top, second, "qcow2", 6 << 20);

    assertArrayEquals(
        Qemu.read(third),
        Images.read(
            LayerFile.qcow2(third),
            LayerFile.qcow2(second),
            LayerFile.qcow2(first),
            LayerFile.raw(raw)),
        "seed " + seed);
  }

  private Path layer(
      Random random, String name, String clusterSize, Path backing, String format, long size) {
    Path image = directory.resolve(name);
    Qemu.img(
        "create",
        "-q",
        "-f",
        "qcow2",
        "-o",
        "cluster_size=" + clusterSize,
        "-b",
        backing,
        "-F",
        format,
        image,
        size);
    Qemu.io(image, new GuestActions(random, size, 64 << 10, false).commands(20));
    return image;
  }

  @ParameterizedTest
  @CsvSource({
    "zlib, 512", "zlib, 4K", "zlib, 64K", "zlib, 2M",
    "zstd, 512", "zstd, 4K", "zstd, 64K", "zstd, 2M",
  })
  void a_disk_that_was_compressed_as_a_whole_reads_as_before(String type, String clusterSize)
      throws Exception {
    long seed = Seed.VALUE;
    System.out.println(type + " " + clusterSize + ": seed " + seed);
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

  @ParameterizedTest
  @CsvSource({"64K", "4K"})
  void a_disk_with_internal_snapshots_reads_as_its_active_state(String clusterSize) {
    long seed = Seed.VALUE;
    System.out.println("snapshots " + clusterSize + ": seed " + seed);
    Path image = directory.resolve("disk.qcow2");
    GuestActions guest = new GuestActions(new Random(seed), 4 << 20, 64 << 10, false);
    Qemu.img("create", "-q", "-f", "qcow2", "-o", "cluster_size=" + clusterSize, image, 4 << 20);
    for (int i = 0; i < 3; i++) {
      Qemu.io(image, guest.commands(10));
      Qemu.img("snapshot", "-c", "snapshot " + i, image);
    }
    Qemu.io(image, guest.commands(10));

    assertArrayEquals(Qemu.read(image), Images.read(LayerFile.qcow2(image)), "seed " + seed);
  }
}
