package io.basedisk.qcow2.check;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.image.CheckResult;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.qcow2.guest.GuestDisk;
import io.basedisk.qcow2.image.NewImage;
import io.basedisk.qcow2.testing.Images;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of damage is found, and a sound image has none; without QEMU. */
class RefcountCheckTest {

  private static final long COPIED = 1L << 63;
  private static final int CLUSTER = 65536;

  @TempDir Path directory;

  // Sound images.

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v2-512.qcow2",
        "zero.qcow2",
        "extended.qcow2",
        "zlib.qcow2",
        "zstd.qcow2",
        "snapshots.qcow2",
        "bitmaps.qcow2",
        "chain-middle.qcow2"
      })
  void an_image_that_qemu_made_is_clean(String name) {
    CheckResult result = RefcountCheck.check(Images.golden(name, directory));

    assertTrue(result.complete() && result.isClean(), result::toString);
  }

  @Test
  void the_clusters_of_a_disk_are_counted() {
    CheckResult result = RefcountCheck.check(image());

    // Header, refcount table and block, L1 table, L2 table, three clusters of data.
    assertAll(
        () -> assertEquals(1 << 14, result.totalClusters()),
        () -> assertEquals(3, result.allocatedClusters()),
        () -> assertEquals(0, result.compressedClusters()),
        () -> assertEquals(8 * CLUSTER, result.imageEndOffset()));
  }

  @Test
  void compressed_clusters_are_counted() {
    CheckResult result = RefcountCheck.check(Images.golden("zlib.qcow2", directory));

    assertAll(
        () -> assertEquals(4, result.allocatedClusters()),
        () -> assertEquals(3, result.compressedClusters()),
        () -> assertEquals(3, result.fragmentedClusters()));
  }

  @Test
  void a_cluster_that_does_not_follow_the_previous_one_is_fragmented() {
    CheckResult result = damaged(patch -> swap(patch, patch.l2(0, 0), patch.l2(0, 1)));

    // The first begins a run, the second is before it, the third is two clusters further.
    assertEquals(2, result.fragmentedClusters());
  }

  @Test
  void the_image_is_not_changed() throws IOException {
    Path image = image();
    try (Patch patch = new Patch(image)) {
      patch.putRefcount(7, 0).putRefcount(9, 1).setLength(20 * CLUSTER);
    }
    byte[] before = Files.readAllBytes(image);

    RefcountCheck.check(image);

    assertArrayEquals(before, Files.readAllBytes(image));
  }

  // Damage.

  @Test
  void a_cluster_that_is_counted_and_not_used_is_leaked() {
    assertFound(0, 1, damaged(patch -> patch.putRefcount(9, 1).setLength(10 * CLUSTER)));
  }

  @Test
  void a_cluster_that_is_used_and_not_counted_is_a_corruption() {
    // Its entry also has the copied flag.
    assertFound(2, 0, damaged(patch -> patch.putRefcount(7, 0)));
  }

  @Test
  void a_cluster_that_is_used_twice_and_counted_once_is_a_corruption() {
    // The cluster that the entry referred to before leaks.
    assertFound(
        1, 1, damaged(patch -> patch.putLong(patch.l2(0, 1), patch.getLong(patch.l2(0, 0)))));
  }

  @Test
  void a_cluster_that_is_not_marked_as_copied_is_a_corruption() {
    assertFound(
        1,
        0,
        damaged(patch -> patch.putLong(patch.l2(0, 1), patch.getLong(patch.l2(0, 1)) & ~COPIED)));
  }

  @Test
  void data_in_the_place_of_a_table_is_a_corruption() {
    assertFound(1, 1, damaged(patch -> patch.putLong(patch.l2(0, 1), patch.l1(0) | COPIED)));
  }

  @Test
  void an_entry_with_reserved_bits_is_a_corruption() {
    assertFound(1, 0, damaged(patch -> patch.putLong(patch.l2(0, 9), 1L << 57)));
  }

  @Test
  void a_cluster_beyond_the_end_is_a_corruption() {
    // Its copied flag is wrong as well.
    assertFound(2, 1, damaged(patch -> patch.putLong(patch.l2(0, 1), 1L << 40 | COPIED)));
  }

  @Test
  void a_table_beyond_the_end_is_a_corruption_and_its_clusters_leak() {
    assertFound(1, 4, damaged(patch -> patch.putLong(patch.l1(0), 1L << 40)));
  }

  @Test
  void a_refcount_block_that_is_not_aligned_leaves_its_clusters_unchecked() {
    CheckResult result =
        damaged(patch -> patch.putLong(patch.header.refcountTable().bytes(), 2 * CLUSTER + 512));

    assertAll(
        () -> assertEquals(1, result.corruptions(), result::toString),
        () -> assertEquals(8, result.checkErrors(), result::toString),
        () -> assertEquals(9, result.errors()));
  }

  @Test
  void nothing_is_called_leaked_where_snapshots_cant_be_read() throws IOException {
    Path image = Images.golden("snapshots.qcow2", directory);
    try (Patch patch = new Patch(image)) {
      patch.putInt(patch.snapshot() + 36, 2000);
    }

    CheckResult result = RefcountCheck.check(image);

    assertFalse(result.complete());
    assertFound(1, 0, result);
  }

  @Test
  void the_first_findings_are_described() {
    CheckResult result = damaged(patch -> patch.putRefcount(9, 1).setLength(10 * CLUSTER));

    assertEquals(List.of("cluster 9: refcount 1, but references 0"), result.details());
  }

  @Test
  void a_million_findings_are_counted_and_a_hundred_described() {
    CheckResult result =
        damaged(
            patch -> {
              for (int i = 3; i < 8000; i++) {
                patch.putLong(patch.l2(0, i), 4);
              }
            });

    assertEquals(7997, result.corruptions());
    assertEquals(100, result.details().size());
  }

  // Building blocks.

  /** Returns a disk of 1 GiB with three clusters of data. */
  private Path image() {
    Path image = directory.resolve("disk.qcow2");
    new NewImage(image, 1L << 30, null).create();
    try (GuestDisk guest = GuestDisk.open(List.of(LayerFile.qcow2(image)))) {
      ByteBuffer data = ByteBuffer.allocate(3 * CLUSTER);
      java.util.Arrays.fill(data.array(), (byte) 7);
      guest.write(0, data);
    }
    return image;
  }

  private CheckResult damaged(Consumer<Patch> damage) {
    Path image = image();
    try (Patch patch = new Patch(image)) {
      damage.accept(patch);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return RefcountCheck.check(image);
  }

  private static void swap(Patch patch, long one, long other) {
    long kept = patch.getLong(one);
    patch.putLong(one, patch.getLong(other)).putLong(other, kept);
  }

  private static void assertFound(long errors, long leaks, CheckResult result) {
    assertAll(
        () -> assertEquals(errors, result.errors(), result::toString),
        () -> assertEquals(leaks, result.leaks(), result::toString));
  }
}
