package io.basedisk.qcow2.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.testing.TestNotes;
import io.basedisk.qcow2.Seed;
import io.basedisk.qcow2.testing.GuestActions;
import io.basedisk.qcow2.testing.Images;
import io.basedisk.qcow2.testing.Qemu;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Disks that our guest wrote are clean for QEMU, and have the same content as in memory. */
@Tag("oracle")
class GuestDiskOracleTest {

  @RegisterExtension private final TestNotes notes = new TestNotes();

  @TempDir Path directory;

  @BeforeAll
  static void assumeQemu() {
    Qemu.assumeInstalled();
  }

  @ParameterizedTest(name = "{0}, preallocated {2}")
  @CsvSource({
    "512, 1000000, off",
    "4K, 4000000, off",
    "64K, 10000000, off",
    "2M, 40000000, off",
    "64K, 5000000, metadata",
    "512, 1000000, metadata",
  })
  void random_writes_leave_a_clean_disk(String clusterSize, int size, String preallocation)
      throws IOException {
    long seed = Seed.VALUE;
    notes.add("guest %s %s: seed %d", clusterSize, preallocation, seed);
    Random random = new Random(seed);
    Path base = directory.resolve("base.qcow2");
    Path disk = directory.resolve("disk.qcow2");
    Qemu.img("create", "-q", "-f", "qcow2", base, size / 2);
    Qemu.io(base, new GuestActions(random, size / 2, 64 << 10, true).commands(20));
    Qemu.img(
        "create",
        "-q",
        "-f",
        "qcow2",
        "-o",
        "cluster_size=" + clusterSize,
        "-b",
        base,
        "-F",
        "qcow2",
        disk,
        size);
    if (preallocation.equals("metadata")) {
      Qemu.img("resize", "-q", "-f", "qcow2", "--preallocation=metadata", disk, "+1M");
    }
    Qemu.io(disk, new GuestActions(random, size, 64 << 10, false).commands(20));
    byte[] expected = Images.read(LayerFile.qcow2(disk), LayerFile.qcow2(base));

    writeAtRandom(random, expected, disk, base);

    Qemu.check(disk);
    assertArrayEquals(expected, Qemu.read(disk), "seed " + seed);
    assertArrayEquals(
        expected, Images.read(LayerFile.qcow2(disk), LayerFile.qcow2(base)), "seed " + seed);
  }

  private static void writeAtRandom(Random random, byte[] expected, Path disk, Path base) {
    for (int session = 0; session < 3; session++) {
      try (GuestDisk guest =
          GuestDisk.open(List.of(LayerFile.qcow2(disk), LayerFile.qcow2(base)))) {
        for (int i = 0; i < 40; i++) {
          int start = random.nextInt(expected.length);
          int length = random.nextInt(Math.min(200_000, expected.length - start));
          byte[] bytes = new byte[length];
          random.nextBytes(bytes);
          guest.write(start, ByteBuffer.wrap(bytes));
          System.arraycopy(bytes, 0, expected, start, length);
          if (random.nextInt(20) == 0) {
            guest.flush();
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // 64 entries of a table, each for a block of 256 clusters of 512 bytes: 8 MiB a table cluster.
    "512, 40000000",
    // A refcount block counts 8 MiB of clusters of 4 KiB.
    "4K, 40000000",
  })
  void refcount_blocks_and_table_grow_with_the_disk(String clusterSize, int size)
      throws IOException {
    Path disk = directory.resolve("disk.qcow2");
    Qemu.img("create", "-q", "-f", "qcow2", "-o", "cluster_size=" + clusterSize, disk, size);
    byte[] content = new byte[size];
    new Random(1).nextBytes(content);

    try (GuestDisk guest = GuestDisk.open(List.of(LayerFile.qcow2(disk)))) {
      guest.write(0, ByteBuffer.wrap(content));
    }

    Qemu.check(disk);
    assertArrayEquals(content, Qemu.read(disk));
  }

  @Test
  void leaked_clusters_beyond_the_end_of_the_file_are_not_reused() throws IOException {
    Path disk = directory.resolve("disk.qcow2");
    Qemu.img("create", "-q", "-f", "qcow2", disk, "10M");
    try (var channel = Files.newByteChannel(disk, StandardOpenOption.WRITE)) {
      // The refcounts of clusters 4 and 5: the file ends in cluster 3.
      channel.position(2 * 65536 + 4 * 2).write(ByteBuffer.wrap(new byte[] {0, 1, 0, 1}));
    }

    try (GuestDisk guest = GuestDisk.open(List.of(LayerFile.qcow2(disk)))) {
      guest.write(0, ByteBuffer.wrap(new byte[] {1}));
    }

    // Clusters 6 and 7 were taken, for an L2 table and the data.
    assertEquals(8 * 65536, Files.size(disk));
    // Repairing the leaks must find nothing else to repair.
    Qemu.img("check", "-q", "-f", "qcow2", "-r", "leaks", disk);
    Qemu.check(disk);
    byte[] expected = new byte[10 << 20];
    expected[0] = 1;
    assertArrayEquals(expected, Qemu.read(disk));
  }
}
