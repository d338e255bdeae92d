package io.basedisk.qcow2.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.image.RepairResult;
import io.basedisk.domain.image.RepairScope;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.format.Feature;
import io.basedisk.qcow2.guest.GuestDisk;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.image.ImageMetadata;
import io.basedisk.qcow2.image.NewImage;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.testing.Images;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each kind of repairable damage is repaired, and the guest's disk stays unchanged; without QEMU.
 */
class ImageRepairTest {

  private static final long COPIED = 1L << 63;
  private static final long ZERO = 1;
  private static final long SIZE = 1L << 30;

  @TempDir Path directory;

  private final ImageRepair repair =
      new ImageRepair(OperatingSystem.current(), UnknownUsePolicy.KEEP);

  @Test
  void a_sound_image_is_not_touched() throws IOException {
    Path image = image();
    byte[] before = Files.readAllBytes(image);

    RepairResult result = repair.repair(image, RepairScope.ALL, Progress.NONE);

    assertTrue(result.after().isClean());
    assertArrayEquals(before, Files.readAllBytes(image));
  }

  @Test
  void leaks_are_freed() throws IOException {
    RepairResult result =
        repaired(
            RepairScope.LEAKS, patch -> patch.putRefcount(9, 1).setLength(patch.end() + (1 << 20)));

    assertTrue(result.after().isClean(), result::toString);
    assertEquals(1, result.leaksFixed());
  }

  @Test
  void a_leak_in_a_cluster_of_the_guest_gets_its_flag_back() throws IOException {
    RepairResult result =
        repaired(
            RepairScope.LEAKS,
            patch ->
                patch
                    .putRefcount(5, 2)
                    .putLong(patch.l2(0, 0), patch.getLong(patch.l2(0, 0)) & ~COPIED));

    assertTrue(result.after().isClean(), result::toString);
  }

  @Test
  void a_repair_of_leaks_leaves_refcounts_that_are_too_low() throws IOException {
    RepairResult result =
        repaired(RepairScope.LEAKS, patch -> patch.putRefcount(5, 0).putRefcount(6, 2));

    assertEquals(0, result.after().leaks());
    assertTrue(result.after().corruptions() > 0, result::toString);
  }

  @Test
  void refcounts_that_are_too_low_are_raised() throws IOException {
    RepairResult result = repaired(RepairScope.ALL, patch -> patch.putRefcount(5, 0));

    assertTrue(result.after().isClean(), result::toString);
    assertTrue(result.corruptionsFixed() > 0);
  }

  @Test
  void a_cluster_that_two_guest_clusters_share_is_not_written_in_place_any_more()
      throws IOException {
    RepairResult result =
        repaired(
            RepairScope.ALL, patch -> patch.putLong(patch.l2(0, 1), patch.getLong(patch.l2(0, 0))));

    assertTrue(result.after().isClean(), result::toString);
  }

  @Test
  void a_zero_cluster_whose_preallocated_one_is_not_aligned_is_zero_without_it()
      throws IOException {
    Path image =
        damaged(patch -> patch.putLong(patch.l2(0, 1), patch.getLong(patch.l2(0, 1)) + 512 + ZERO));

    RepairResult result = repair.repair(image, RepairScope.ALL, Progress.NONE);

    assertTrue(result.after().isClean(), result::toString);
    try (Patch patch = new Patch(image)) {
      assertEquals(ZERO, patch.getLong(patch.l2(0, 1)));
    }
  }

  @Test
  void a_cluster_with_data_that_is_not_aligned_is_left() throws IOException {
    Path image =
        damaged(patch -> patch.putLong(patch.l2(0, 1), patch.getLong(patch.l2(0, 1)) + 512));
    byte[] before = Files.readAllBytes(image);

    RepairResult result = repair.repair(image, RepairScope.ALL, Progress.NONE);

    assertTrue(result.after().errors() > 0, result::toString);
    try (Patch patch = new Patch(image)) {
      assertEquals(
          ByteBuffer.wrap(before).getLong((int) patch.l2(0, 1)), patch.getLong(patch.l2(0, 1)));
    }
  }

  @Test
  void refcounts_without_a_block_are_rewritten() throws IOException {
    RepairResult result =
        repaired(RepairScope.ALL, p -> p.putLong(p.header.refcountTable().bytes(), 0));

    assertTrue(result.after().isClean(), result::toString);
  }

  @Test
  void refcounts_in_a_cluster_of_the_guest_are_rewritten() throws IOException {
    Path image = image();
    try (Patch patch = new Patch(image)) {
      patch.putLong(patch.l2(0, 1), patch.refcountBlock() | COPIED);
    }
    byte[] before = Images.read(LayerFile.qcow2(image));

    RepairResult result = repair.repair(image, RepairScope.ALL, Progress.NONE);

    assertTrue(result.after().isClean(), result::toString);
    assertArrayEquals(before, Images.read(LayerFile.qcow2(image)));
  }

  @Test
  void a_dirty_and_corrupt_image_is_clean_after_its_repair() throws IOException {
    Path image = damaged(patch -> patch.putLong(72, 3).putRefcount(5, 0));

    assertTrue(repair.repair(image, RepairScope.ALL, Progress.NONE).after().isClean());
    try (ImageMetadata metadata = ImageMetadata.open(image)) {
      assertFalse(metadata.header().features().has(Feature.DIRTY));
      assertFalse(metadata.header().features().has(Feature.CORRUPT));
    }
  }

  @Test
  void an_image_that_can_not_be_repaired_stays_dirty_and_keeps_seeming_leaks() throws IOException {
    Path image = damaged(patch -> patch.putLong(72, 1).putLong(patch.l1(0), 1L << 40 | COPIED));

    RepairResult result = repair.repair(image, RepairScope.ALL, Progress.NONE);

    assertTrue(result.after().errors() > 0, result::toString);
    assertEquals(4, result.after().leaks(), result::toString);
    try (ImageMetadata metadata = ImageMetadata.open(image)) {
      assertTrue(metadata.header().features().has(Feature.DIRTY));
    }
  }

  @Test
  void unknown_autoclear_features_are_cleared() throws IOException {
    Path image = damaged(patch -> patch.putLong(88, 1L << 40).putRefcount(9, 1));

    repair.repair(image, RepairScope.LEAKS, Progress.NONE);

    try (ImageMetadata metadata = ImageMetadata.open(image)) {
      assertEquals(0, metadata.header().features().autoclear());
    }
  }

  @Test
  void an_image_that_is_open_is_refused() throws IOException {
    Path image = image();
    try (ImageFile other = ImageFile.openToRead(image)) {
      assertThrows(
          RefusedException.class, () -> repair.repair(image, RepairScope.ALL, Progress.NONE));
      assertTrue(other.length() > 0);
    }
  }

  @Test
  void an_image_with_another_name_is_refused() throws IOException {
    Path image = image();
    Files.createLink(directory.resolve("other"), image);

    assertThrows(
        RefusedException.class, () -> repair.repair(image, RepairScope.ALL, Progress.NONE));
  }

  private RepairResult repaired(RepairScope scope, Consumer<Patch> damage) throws IOException {
    Path image = damaged(damage);
    assertFalse(RefcountCheck.check(image).isClean());
    return repair.repair(image, scope, Progress.NONE);
  }

  private Path damaged(Consumer<Patch> damage) throws IOException {
    Path image = image();
    try (Patch patch = new Patch(image)) {
      damage.accept(patch);
    }
    return image;
  }

  /** Returns an image with header, refcount table and block, L1 table, L2 table, three clusters. */
  private Path image() {
    Path image = directory.resolve("disk.qcow2");
    new NewImage(image, SIZE / 16, null).create();
    try (GuestDisk disk = GuestDisk.open(List.of(LayerFile.qcow2(image)))) {
      disk.write(0, ByteBuffer.wrap(new byte[3 * 65536]).put(0, (byte) 1));
    }
    return image;
  }
}
