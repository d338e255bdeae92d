package io.basedisk.qcow2.image;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.testing.ProcessorTime;
import io.basedisk.domain.testing.Repeats;
import io.basedisk.domain.testing.TestNotes;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.Seed;
import io.basedisk.qcow2.guest.GuestDisk;
import io.basedisk.qcow2.testing.Images;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any file is read or refused, with bounded work and one of our own errors. */
class HostileImagesTest {

  private static final int ROUNDS = Repeats.of("basedisk.hostile.rounds", 100, 300);
  private static final int READ = 1 << 16;

  /** A hundred times the duration of one image's use. */
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** Numbers near limits and signs. */
  private static final int[] TELLING = {0x00000000, 0xffffffff, 0x80000000, 0x7fffffff, 1, 512};

  @RegisterExtension private final TestNotes notes = new TestNotes();

  @TempDir Path directory;

  private final Qcow2DiskImages images = new Qcow2DiskImages();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v2-512.qcow2",
        "zero.qcow2",
        "extended.qcow2",
        "zlib.qcow2",
        "zstd.qcow2",
        "snapshots.qcow2",
        "bitmaps.qcow2"
      })
  void a_damaged_image_is_answered_or_refused(String name) throws IOException {
    long seed = Seed.VALUE;
    notes.add("damage %s: seed %d", name, seed);
    Random random = new Random(seed);
    byte[] valid = Files.readAllBytes(Images.golden(name, directory));
    int[] content = nonZero(valid);
    int refused = 0;
    for (int i = 0; i < ROUNDS; i++) {
      Path image = directory.resolve("damaged.qcow2");
      Files.deleteIfExists(image); // Truncation would make ext4 wait for the disk.
      Files.write(image, damaged(random, valid, content));
      try {
        refused += ProcessorTime.assertAtMost(LIMIT, () -> use(image, random)) ? 0 : 1;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ", round " + i, e);
      }
    }
    assertTrue(refused > ROUNDS / 20 && refused < ROUNDS, refused + " refused");
  }

  /** Returns the offsets of nonzero bytes, which are mostly structures. */
  private static int[] nonZero(byte[] image) {
    return IntStream.range(0, image.length).filter(i -> image[i] != 0).toArray();
  }

  private static byte[] damaged(Random random, byte[] valid, int[] content) {
    byte[] damaged = valid.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at =
          random.nextInt(3) == 0
              ? random.nextInt(120)
              : content[random.nextInt(content.length)] & -(1 << random.nextInt(4));
      if (random.nextBoolean() || at + 4 > damaged.length) {
        damaged[at] = (byte) random.nextInt(256);
      } else {
        ByteBuffer.wrap(damaged).putInt(at, TELLING[random.nextInt(TELLING.length)]);
      }
    }
    return random.nextInt(10) == 0
        ? Arrays.copyOf(damaged, random.nextInt(damaged.length))
        : damaged;
  }

  /** Runs every operation on an image, and returns whether none was refused. */
  private boolean use(Path image, Random random) {
    boolean ok = attempt(() -> images.readHeader(image));
    ok &= attempt(() -> images.isEmptyOverlay(image));
    ok &= attempt(() -> ImageInfoReader.read(image));
    ok &= attempt(() -> readSome(image, random));
    if (random.nextInt(40) == 0) {
      attempt(() -> writeSome(image, random)); // Rarely, because it waits for the disk.
    }
    return ok;
  }

  private static void readSome(Path image, Random random) {
    try (DiskImage disk = DiskImage.open(List.of(LayerFile.qcow2(image)))) {
      for (long at = 0; at < Math.min(disk.virtualSize(), 1 << 20); at += READ) {
        disk.read(at, ByteBuffer.allocate(READ));
      }
      for (int i = 0; i < 20; i++) {
        disk.read(random.nextLong(Math.max(1, disk.virtualSize())), ByteBuffer.allocate(READ));
      }
    }
  }

  private static void writeSome(Path image, Random random) {
    try (GuestDisk disk = GuestDisk.open(List.of(LayerFile.qcow2(image)))) {
      for (int i = 0; i < 3 && disk.virtualSize() > 1000; i++) {
        disk.write(random.nextLong(disk.virtualSize() - 1000), ByteBuffer.allocate(1000));
      }
    }
  }

  private static boolean attempt(Runnable use) {
    try {
      use.run();
      return true;
    } catch (InvalidImageException e) {
      return false;
    } catch (InvalidArgumentException e) {
      return false; // The image names a backing file now.
    }
  }
}
