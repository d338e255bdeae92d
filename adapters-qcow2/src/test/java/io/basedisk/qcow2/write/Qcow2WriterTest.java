package io.basedisk.qcow2.write;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.image.CheckResult;
import io.basedisk.domain.image.Compression;
import io.basedisk.domain.image.CompressionType;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.qcow2.Seed;
import io.basedisk.qcow2.check.RefcountCheck;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.testing.Disks;
import io.basedisk.qcow2.testing.Images;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Written images are clean, have the written content, and appear completely or not at all. */
class Qcow2WriterTest {

  @TempDir Path directory;

  private final OperatingSystem system = OperatingSystem.current();
  private Path image;

  @BeforeEach
  void nameImage() {
    image = directory.resolve("disk.qcow2");
  }

  private static GuestBytes from(byte[] content) {
    return (offset, target) -> target.put(content, (int) offset, target.remaining());
  }

  private void write(byte[] content, Qcow2Options options) {
    try (ImageWriter writer = Qcow2Writer.create(image, content.length, options, system)) {
      writer.data(0, content.length, from(content));
      writer.finish();
    }
  }

  private void assertClean() {
    CheckResult result = RefcountCheck.check(image);
    assertTrue(result.isClean(), () -> result.details().toString());
  }

  @ParameterizedTest
  @CsvSource({
    "512, ",
    "4096, ",
    "65536, ",
    "2097152, ",
    "512, ZLIB",
    "4096, ZLIB",
    "65536, ZLIB",
    "2097152, ZLIB",
    "512, ZSTD",
    "4096, ZSTD",
    "65536, ZSTD",
    "2097152, ZSTD"
  })
  void written_content_reads_back_from_a_clean_image(int clusterSize, CompressionType type) {
    long seed = Seed.VALUE;
    byte[] content = Disks.varied(new Random(seed), 5_000_192);
    Qcow2Options options = Qcow2Options.DEFAULT.withClusterSize(clusterSize);

    write(content, type == null ? options : options.withCompression(Compression.of(type)));

    assertArrayEquals(content, Images.read(LayerFile.qcow2(image)), "seed " + seed);
    assertClean();
  }

  @Test
  void clusters_of_zeros_take_no_space() {
    byte[] content = new byte[1 << 20];
    content[300_000] = 1;

    write(content, Qcow2Options.DEFAULT);

    assertEquals(1, RefcountCheck.check(image).allocatedClusters());
  }

  @Test
  void gaps_read_from_the_backing_file_and_zeros_as_zeros() {
    byte[] below = new byte[4 << 16];
    Arrays.fill(below, (byte) 1);
    Path base = directory.resolve("base.qcow2");
    image = base;
    write(below, Qcow2Options.DEFAULT);
    image = directory.resolve("overlay.qcow2");
    byte[] expected = below.clone();
    Arrays.fill(expected, 1 << 16, 2 << 16, (byte) 0);
    Arrays.fill(expected, 3 << 16, 4 << 16, (byte) 3);

    Qcow2Options options =
        Qcow2Options.DEFAULT.withBackingFile(new BackingFile(base.toString(), "qcow2"));
    try (ImageWriter writer = Qcow2Writer.create(image, below.length, options, system)) {
      writer.zeros(1 << 16, 1 << 16);
      writer.data(3 << 16, 1 << 16, from(expected));
      writer.finish();
    }

    assertArrayEquals(expected, Images.read(LayerFile.qcow2(image), LayerFile.qcow2(base)));
    assertClean();
  }

  @Test
  void data_of_zeros_hides_the_backing_file() {
    byte[] below = new byte[1 << 16];
    Arrays.fill(below, (byte) 1);
    Path base = directory.resolve("base.qcow2");
    image = base;
    write(below, Qcow2Options.DEFAULT);
    image = directory.resolve("overlay.qcow2");

    write(
        new byte[1 << 16],
        Qcow2Options.DEFAULT.withBackingFile(new BackingFile(base.toString(), "qcow2")));

    assertArrayEquals(
        new byte[1 << 16], Images.read(LayerFile.qcow2(image), LayerFile.qcow2(base)));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 512, 66_048})
  void a_disk_of_any_number_of_sectors_can_be_written(long virtualSize) {
    byte[] content = Disks.varied(new Random(1), (int) virtualSize);

    write(content, Qcow2Options.DEFAULT);

    assertArrayEquals(content, Images.read(LayerFile.qcow2(image)));
    assertClean();
  }

  @Test
  void a_range_that_could_be_shared_only_in_part_is_written() {
    byte[] content = Disks.varied(new Random(1), 8 << 20);
    try (ImageWriter writer =
        Qcow2Writer.create(image, content.length, Qcow2Options.DEFAULT, system)) {
      writer.data(0, 1 << 20, from(content));
      boolean shared =
          writer.shared(
              1 << 20, 7 << 20, to -> !leaveRubbish(writer.temporary(), to), from(content));
      writer.finish();

      assertFalse(shared);
    }

    assertArrayEquals(content, Images.read(LayerFile.qcow2(image)));
    assertClean();
  }

  /** Acts like a file system that shares some blocks and then fails. */
  private static boolean leaveRubbish(Path file, HostOffset at) {
    byte[] rubbish = new byte[10 << 20];
    Arrays.fill(rubbish, (byte) -1);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      return channel.write(ByteBuffer.wrap(rubbish), at.bytes()) > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_disk_of_a_tebibyte_takes_little_memory_and_space() throws IOException {
    long size = 1L << 40;
    byte[] cluster = new byte[1 << 16];
    cluster[0] = 1;
    try (ImageWriter writer = Qcow2Writer.create(image, size, Qcow2Options.DEFAULT, system)) {
      for (long at = 0; at < size; at += 1L << 30) {
        writer.data(at, cluster.length, (offset, target) -> target.put(cluster));
      }
      writer.finish();
    }

    assertEquals(1024, RefcountCheck.check(image).allocatedClusters());
    assertClean();
    assertTrue(Files.size(image) < 200 << 20, "length " + Files.size(image));
  }

  // Failures.

  @Test
  void an_existing_file_is_refused_and_stays() throws IOException {
    Files.writeString(image, "precious");

    assertThrows(AlreadyExistsException.class, () -> write(new byte[512], Qcow2Options.DEFAULT));

    assertEquals("precious", Files.readString(image));
  }

  @Test
  void a_file_that_appears_during_writing_stays() throws IOException {
    try (ImageWriter writer = Qcow2Writer.create(image, 512, Qcow2Options.DEFAULT, system)) {
      Files.writeString(image, "precious");

      assertThrows(AlreadyExistsException.class, writer::finish);
    }

    assertEquals("precious", Files.readString(image));
    assertEquals(List.of(image), files());
  }

  @Test
  void an_unfinished_image_leaves_no_file() throws IOException {
    try (ImageWriter writer = Qcow2Writer.create(image, 1 << 20, Qcow2Options.DEFAULT, system)) {
      writer.data(0, 1 << 20, from(new byte[1 << 20]));
    }

    assertEquals(List.of(), files());
  }

  @Test
  void a_source_that_fails_is_reported_and_leaves_nothing() throws IOException {
    try (ImageWriter writer = Qcow2Writer.create(image, 1 << 30, Qcow2Options.DEFAULT, system)) {
      // Either call may throw the failure, depending on the speed of the writer's threads.
      StorageException failure =
          assertThrows(
              StorageException.class,
              () -> {
                writer.data(
                    0,
                    1 << 16,
                    (offset, target) -> {
                      throw new StorageException("the source is gone");
                    });
                writer.finish();
              });
      assertEquals("the source is gone", failure.getMessage());
    }

    assertEquals(List.of(), files());
  }

  @Test
  void an_interrupt_gives_up_and_leaves_nothing() throws IOException {
    try (ImageWriter writer = Qcow2Writer.create(image, 1 << 20, Qcow2Options.DEFAULT, system)) {
      Thread.currentThread().interrupt();

      assertThrows(
          InterruptedOperationException.class,
          () -> writer.data(0, 1 << 20, from(new byte[1 << 20])));
      assertTrue(Thread.interrupted());
    }

    assertEquals(List.of(), files());
  }

  @Test
  void no_thread_is_left_behind() throws InterruptedException {
    write(Disks.varied(new Random(1), 3 << 20), Qcow2Options.DEFAULT);

    // An executor has terminated when its work is done, an instant before its last thread ends. A
    // thread that stays lets this test wait until JUnit gives it up.
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("basedisk-write")) {
        thread.join();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-512, 1, 1L << 58})
  void an_impossible_size_is_refused(long virtualSize) throws IOException {
    assertThrows(
        InvalidArgumentException.class,
        () -> Qcow2Writer.create(image, virtualSize, Qcow2Options.DEFAULT, system));

    assertEquals(List.of(), files());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 256, 65_535, 4 << 20})
  void an_impossible_cluster_size_is_refused(int clusterSize) {
    assertThrows(
        InvalidArgumentException.class, () -> Qcow2Options.DEFAULT.withClusterSize(clusterSize));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> names = Files.list(directory)) {
      return names.toList();
    }
  }
}
