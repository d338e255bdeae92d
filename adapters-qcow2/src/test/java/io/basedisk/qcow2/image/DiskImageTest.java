package io.basedisk.qcow2.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.qcow2.Seed;
import io.basedisk.qcow2.format.L1Entry;
import io.basedisk.qcow2.testing.Images;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskImageTest {

  private static final int THREADS = 4;

  @TempDir Path directory;

  // Opening.

  @Test
  void a_missing_layer_is_not_found() {
    Path top = Images.golden("chain-top.qcow2", directory);

    assertThrows(
        NotFoundException.class,
        () -> open(LayerFile.qcow2(top), LayerFile.qcow2(directory.resolve("missing.qcow2"))));
  }

  @Test
  void a_layer_that_only_a_header_names_is_reported_and_not_opened() {
    Path top = Images.golden("chain-top.qcow2", directory);
    Images.golden("chain-middle.qcow2", directory);

    assertThrows(InvalidArgumentException.class, () -> open(LayerFile.qcow2(top)));
  }

  @Test
  void a_layer_below_one_without_a_backing_file_is_refused() {
    Path top = Images.golden("zero.qcow2", directory);
    Path base = Images.golden("zstd.qcow2", directory);

    assertThrows(
        InvalidArgumentException.class, () -> open(LayerFile.qcow2(top), LayerFile.qcow2(base)));
  }

  // Reading.

  @Test
  void a_read_ends_with_the_disk() {
    try (DiskImage image = open(LayerFile.qcow2(Images.golden("zero.qcow2", directory)))) {
      assertEquals(10, image.read(image.virtualSize() - 10, ByteBuffer.allocate(100)));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1 << 20, Long.MAX_VALUE})
  void a_read_at_the_end_returns_nothing(long offset) {
    try (DiskImage image = open(LayerFile.qcow2(Images.golden("zero.qcow2", directory)))) {
      assertEquals(0, image.read(offset, ByteBuffer.allocate(100)));
    }
  }

  @Test
  void every_part_reads_as_it_does_within_the_whole() {
    long seed = Seed.VALUE;
    Random random = new Random(seed);
    LayerFile[] chain = chain();
    byte[] whole = Images.read(chain);
    try (DiskImage image = open(chain)) {
      for (int i = 0; i < 2000; i++) {
        int start = random.nextInt(whole.length);
        int length = random.nextInt(Math.min(5000, whole.length - start));
        ByteBuffer part =
            random.nextBoolean() ? ByteBuffer.allocate(length) : ByteBuffer.allocateDirect(length);
        image.read(start, part);
        assertEquals(
            ByteBuffer.wrap(whole, start, length), part.flip(), "seed " + seed + " at " + start);
      }
    }
  }

  @Test
  void the_missing_part_of_the_file_s_last_cluster_reads_as_zeros() throws IOException {
    Path image = Images.golden("snapshots.qcow2", directory);
    byte[] expected = Images.read(LayerFile.qcow2(image));
    long cluster = lastDataCluster(image);
    truncate(image, cluster + 1000);
    Arrays.fill(expected, 1000, 65536, (byte) 0);

    assertArrayEquals(expected, Images.read(LayerFile.qcow2(image)));
  }

  @Test
  void a_cluster_that_begins_beyond_the_end_of_the_file_is_refused() throws IOException {
    Path image = Images.golden("snapshots.qcow2", directory);
    truncate(image, lastDataCluster(image));

    assertThrows(InvalidImageException.class, () -> Images.read(LayerFile.qcow2(image)));
  }

  /** Moves the first guest cluster of an image to the end of its file, and returns its offset. */
  private static long lastDataCluster(Path image) throws IOException {
    try (ImageMetadata metadata = ImageMetadata.open(image);
        FileChannel file =
            FileChannel.open(image, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long end = (file.size() + 65535) & -65536;
      ByteBuffer entry = ByteBuffer.allocate(8);
      file.read(entry, metadata.header().l1Table().bytes());
      long l2Table = new L1Entry(entry.getLong(0)).l2Table().bytes();
      file.read(entry.clear(), l2Table);
      long cluster = entry.getLong(0) & 0x00ff_ffff_ffff_fe00L;
      ByteBuffer content = ByteBuffer.allocate(65536);
      file.read(content, cluster);
      file.write(content.flip(), end);
      file.write(entry.putLong(0, end).clear(), l2Table);
      return end;
    }
  }

  @Test
  void a_damaged_cluster_is_refused_and_its_neighbours_are_not() throws IOException {
    Path image = Images.golden("zero.qcow2", directory);
    byte[] expected = Images.read(LayerFile.qcow2(image));
    damageSecondCluster(image);
    try (DiskImage disk = open(LayerFile.qcow2(image))) {
      for (int round = 0; round < 2; round++) {
        assertThrows(InvalidImageException.class, () -> disk.read(8191, ByteBuffer.allocate(1)));
        ByteBuffer before = ByteBuffer.allocate(4096);
        disk.read(0, before);
        ByteBuffer after = ByteBuffer.allocate(expected.length - 8192);
        disk.read(8192, after);

        assertEquals(ByteBuffer.wrap(expected, 0, 4096), before.flip());
        assertEquals(ByteBuffer.wrap(expected, 8192, after.capacity()), after.flip());
      }
    }
  }

  /** Moves the second cluster, of 4 KiB, to an invalid offset. */
  private static void damageSecondCluster(Path image) throws IOException {
    try (ImageMetadata metadata = ImageMetadata.open(image);
        FileChannel file =
            FileChannel.open(image, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer entry = ByteBuffer.allocate(8);
      file.read(entry, metadata.header().l1Table().bytes());
      long l2Table = new L1Entry(entry.getLong(0)).l2Table().bytes();
      file.write(entry.putLong(0, 512).clear(), l2Table + 8);
    }
  }

  private static void truncate(Path image, long length) throws IOException {
    try (FileChannel file = FileChannel.open(image, StandardOpenOption.WRITE)) {
      file.truncate(length);
    }
  }

  @Test
  void a_closed_image_can_t_be_read() {
    DiskImage image = open(LayerFile.qcow2(Images.golden("v2-512.qcow2", directory)));
    image.close();

    assertThrows(StorageException.class, () -> image.read(0, ByteBuffer.allocate(100)));
  }

  @Test
  void a_closed_image_has_no_zeros_either() {
    DiskImage image = open(LayerFile.qcow2(Images.golden("bitmaps.qcow2", directory)));
    image.close();

    assertThrows(StorageException.class, () -> image.read(0, ByteBuffer.allocate(100)));
  }

  // Many threads.

  @ParameterizedTest
  @ValueSource(strings = {"zstd.qcow2", "zlib.qcow2", "extended.qcow2"})
  void many_threads_read_the_same(String name) throws Exception {
    LayerFile file = LayerFile.qcow2(Images.golden(name, directory));
    byte[] whole = Images.read(file);
    try (DiskImage image = open(file)) {
      ExecutorService pool = Executors.newFixedThreadPool(THREADS);
      List<Future<?>> readers = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        long seed = i;
        readers.add(pool.submit(() -> readAtRandom(image, whole, new Random(seed), 2000)));
      }
      for (Future<?> reader : readers) {
        reader.get();
      }
      pool.shutdown();
    }
  }

  private static void readAtRandom(DiskImage image, byte[] whole, Random random, int times) {
    for (int i = 0; i < times; i++) {
      int start = random.nextInt(whole.length);
      ByteBuffer part = ByteBuffer.allocate(random.nextInt(8000));
      int count = image.read(start, part);
      assertArrayEquals(
          Arrays.copyOfRange(whole, start, start + count), Arrays.copyOf(part.array(), count));
    }
  }

  @Test
  void an_interrupted_thread_reads_on_and_stays_interrupted() {
    LayerFile file = LayerFile.qcow2(Images.golden("v2-512.qcow2", directory));
    byte[] whole = Images.read(file);
    try (DiskImage image = open(file)) {
      Thread.currentThread().interrupt();
      ByteBuffer content = ByteBuffer.allocate(whole.length);
      image.read(0, content);

      assertTrue(Thread.interrupted());
      assertArrayEquals(whole, content.array());
    }
  }

  @Test
  void interrupts_at_any_moment_disturb_no_reader_even_if_the_file_has_another_name()
      throws Exception {
    LayerFile file = LayerFile.qcow2(Images.golden("zstd.qcow2", directory));
    byte[] whole = Images.read(file);
    AtomicBoolean stop = new AtomicBoolean();
    try (DiskImage image = open(file)) {
      Files.move(file.path(), directory.resolve("base"), StandardCopyOption.ATOMIC_MOVE);
      List<Thread> threads = new ArrayList<>();
      List<Throwable> failures = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        long seed = i;
        Thread thread =
            new Thread(
                () -> {
                  Random random = new Random(seed);
                  while (!stop.get()) {
                    readAtRandom(image, whole, random, 10);
                  }
                });
        thread.setUncaughtExceptionHandler(
            (t, e) -> {
              synchronized (failures) {
                failures.add(e);
              }
            });
        threads.add(thread);
        thread.start();
      }
      for (int i = 0; i < 2000; i++) {
        threads.get(i % (THREADS / 2)).interrupt();
        LockSupport.parkNanos(10_000);
      }
      stop.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(List.of(), failures);
    }
  }

  private LayerFile[] chain() {
    return new LayerFile[] {
      LayerFile.qcow2(Images.golden("chain-top.qcow2", directory)),
      LayerFile.qcow2(Images.golden("chain-middle.qcow2", directory)),
      LayerFile.raw(Images.golden("chain-base.raw", directory))
    };
  }

  private static DiskImage open(LayerFile... layers) {
    return DiskImage.open(List.of(layers));
  }
}
