package io.basedisk.qcow2.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.image.CheckResult;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.testing.ProcessorTime;
import io.basedisk.domain.testing.Repeats;
import io.basedisk.domain.testing.TestNotes;
import io.basedisk.qcow2.Seed;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.image.NewImage;
import io.basedisk.qcow2.image.RecordedFile;
import io.basedisk.qcow2.testing.Images;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any file is checked or refused, with bounded work and one of our own errors. */
class HostileCheckTest {

  private static final int ROUNDS = Repeats.of("basedisk.hostile.rounds", 100, 300);

  /** Many times the duration of the longest of these checks. */
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private static final int CLUSTER = 65536;
  private static final int SNAPSHOTS = 65536;
  private static final int SNAPSHOT_BYTES = 40;

  @RegisterExtension private final TestNotes notes = new TestNotes();

  @TempDir Path directory;

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
  void a_damaged_image_is_checked_or_refused(String name) throws IOException {
    long seed = Seed.VALUE;
    notes.add("damage %s: seed %d", name, seed);
    byte[] valid = Files.readAllBytes(Images.golden(name, directory));
    Mutations mutations = new Mutations(new Random(seed), valid);
    Path image = directory.resolve("damaged.qcow2");
    int found = 0;
    for (int i = 0; i < ROUNDS; i++) {
      Files.deleteIfExists(image); // Truncation would make ext4 wait for the disk.
      Files.write(image, mutations.next());
      try {
        found +=
            ProcessorTime.assertAtMost(LIMIT, () -> RefcountCheck.check(image)).isClean() ? 0 : 1;
      } catch (InvalidImageException e) {
        found++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ", round " + i, e);
      }
    }
    assertTrue(found > ROUNDS / 3, found + " found");
  }

  /** Read separately, these would be 275 thousand million L1 entries. */
  @Test
  void as_many_snapshots_as_can_be_may_share_the_largest_l1_table() throws IOException {
    Path image = image(1L << 20);
    try (Patch patch = new Patch(image)) {
      long snapshots = 64 * CLUSTER;
      long l1 = snapshots + (long) SNAPSHOTS * SNAPSHOT_BYTES;
      l1 += CLUSTER - l1 % CLUSTER;
      patch.putInt(60, SNAPSHOTS).putLong(64, snapshots);
      for (int i = 0; i < SNAPSHOTS; i++) {
        // Some of them shifted.
        patch.putLong(snapshots + (long) i * SNAPSHOT_BYTES, l1 + (long) (i % 4) * CLUSTER);
        patch.putInt(snapshots + (long) i * SNAPSHOT_BYTES + 8, 4 << 20);
      }
      patch.putLong(l1 + 8 * CLUSTER, 128 * CLUSTER);
      patch.setLength(l1 + (40 << 20));
    }

    CheckResult result = check(image, Files.size(image));

    assertTrue(result.complete() && result.corruptions() > SNAPSHOTS, result::toString);
  }

  /** Read separately, these would be 34 thousand million L2 entries. */
  @Test
  void every_l1_entry_may_lead_to_the_same_l2_table() throws IOException {
    Path image = image(1L << 51);
    try (Patch patch = new Patch(image)) {
      byte[] entries = new byte[32 << 20];
      for (int i = 5; i < entries.length; i += 8) {
        entries[i] = 2; // The refcount block: 0x20000.
      }
      patch.putBytes(patch.l1(0), entries);
    }

    CheckResult result = check(image, Files.size(image));

    assertTrue(result.complete() && result.corruptions() > 4 << 20, result::toString);
  }

  /** Read at each of its sectors, a table of 64 KiB would count as 128 tables. */
  @Test
  void every_l1_entry_may_lead_to_another_place_that_is_not_aligned() throws IOException {
    Path image = image(1L << 51);
    int l1Bytes = Repeats.of(8, 32) << 20;
    try (Patch patch = new Patch(image)) {
      byte[] entries = new byte[l1Bytes];
      java.nio.ByteBuffer target = java.nio.ByteBuffer.wrap(entries);
      for (long i = 1; target.hasRemaining(); i++) {
        target.putLong((64 << 20) + 512 * i);
      }
      patch.putBytes(patch.l1(0), entries).setLength(4L << 30);
    }

    CheckResult result = check(image, Files.size(image));

    assertTrue(result.complete() && result.corruptions() > l1Bytes / Long.BYTES, result::toString);
  }

  @Test
  void references_may_lie_as_far_apart_as_the_file_is_long() throws IOException {
    Path image = image(1L << 30);
    try (Patch patch = new Patch(image)) {
      patch.putLong(patch.l1(0), 16L << 20);
      for (int i = 0; i < 8192; i++) {
        patch.putLong((16 << 20) + 8 * i, ((long) i << 29) + (32 << 20));
      }
      patch.setLength(5L << 40);
    }

    // Each cluster, the table, and the copied flag of the unallocated cluster.
    assertEquals(8192 + 1, check(image, 1 << 20).corruptions());
  }

  /** Checks an image, and asserts that the check reads at most {@code limit} bytes. */
  private static CheckResult check(Path image, long limit) throws IOException {
    RecordedFile recorded = new RecordedFile();
    try (ImageFile file = recorded.open(image)) {
      CheckResult result =
          ProcessorTime.assertAtMost(LIMIT, () -> RefcountCheck.check(file, Progress.NONE));
      assertTrue(recorded.bytesRead() <= limit, recorded.bytesRead() + " bytes were read");
      return result;
    }
  }

  private Path image(long virtualSize) {
    Path image = directory.resolve("hostile.qcow2");
    new NewImage(image, virtualSize, null).create();
    return image;
  }
}
