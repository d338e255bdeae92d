package io.basedisk.qcow2.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.basedisk.domain.image.LayerFile;
import io.basedisk.qcow2.Seed;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading takes no more memory for a large disk than for a small one. */
class ReadingMemoryTest {

  private static final int CLUSTER = 64 << 10;
  private static final long COPIED = 1L << 63;
  private static final int TABLES = 512;
  private static final long SIZE = TABLES * (CLUSTER / 8L) * CLUSTER;
  private static final int READS = 60_000;

  /** Less than the disk's tables and its resolved pieces together. */
  private static final String HEAP = "-Xmx56m";

  @TempDir Path directory;

  @Test
  void a_disk_whose_tables_are_larger_than_the_heap_is_read_everywhere() throws Exception {
    Path image = directory.resolve("large.qcow2");
    new NewImage(image, SIZE, null).create();
    fill(image);

    Process reader =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                ReadingMemoryTest.class.getName(),
                image.toString())
            .inheritIO()
            .start();

    assertEquals(0, reader.waitFor());
  }

  /** Maps every other cluster to one host cluster; the others stay unallocated. */
  private static void fill(Path image) throws IOException {
    long l1Table;
    try (ImageMetadata metadata = ImageMetadata.open(image)) {
      l1Table = metadata.header().l1Table().bytes();
    }
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      long data = (file.length() + CLUSTER - 1) / CLUSTER * CLUSTER;
      ByteBuffer table = ByteBuffer.allocate(CLUSTER);
      for (int at = 0; at < CLUSTER; at += 16) {
        table.putLong(at, data);
      }
      ByteBuffer l1 = ByteBuffer.allocate(TABLES * Long.BYTES);
      file.setLength(data + CLUSTER);
      for (int i = 1; i <= TABLES; i++) {
        l1.putLong((data + (long) i * CLUSTER) | COPIED);
        file.seek(data + (long) i * CLUSTER);
        file.write(table.array());
      }
      file.seek(l1Table);
      file.write(l1.array());
    }
  }

  /**
   * Reads a disk at random.
   *
   * @param arguments the image
   */
  public static void main(String[] arguments) {
    SplittableRandom random = new SplittableRandom(Seed.VALUE);
    ByteBuffer sector = ByteBuffer.allocateDirect(512);
    try (DiskImage disk = DiskImage.open(List.of(LayerFile.qcow2(Path.of(arguments[0]))))) {
      for (int i = 0; i < READS; i++) {
        disk.read(random.nextLong(SIZE / 512) * 512, sector.clear());
      }
    }
  }
}
