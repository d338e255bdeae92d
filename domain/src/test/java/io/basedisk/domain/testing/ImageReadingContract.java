package io.basedisk.domain.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.BrokenChainException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.error.UnallowedFileException;
import io.basedisk.domain.image.AllowedFiles;
import io.basedisk.domain.image.CheckResult;
import io.basedisk.domain.image.ImageInfo;
import io.basedisk.domain.image.ImageToOpen;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.image.MapEntry;
import io.basedisk.domain.image.RawImageInfo;
import io.basedisk.domain.image.RepairScope;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OpenDisk;
import io.basedisk.domain.port.Progress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What {@link ImageTools} promises of images that are only read. */
public abstract class ImageReadingContract extends ImageToolsContractPart {

  // Information.

  @Test
  public void a_new_image_says_its_size_and_no_backing_file() {
    tools().create(base(), null, SIZE);

    ImageInfo info = tools().info(base());

    assertEquals(base(), info.file());
    assertEquals(1 << 20, info.virtualSize());
    assertEquals(CLUSTER, info.clusterSize());
    assertNull(info.backing());
  }

  @Test
  public void the_size_of_a_new_image_is_rounded_up_to_whole_sectors() {
    tools().create(base(), null, ByteSize.parse("1000"));

    assertEquals(1024, tools().info(base()).virtualSize());
  }

  @Test
  public void a_raw_image_is_as_large_as_its_file() {
    makeFile(raw(), new byte[1536]);

    RawImageInfo info = tools().rawInfo(raw());

    assertEquals(raw(), info.file());
    assertEquals(1536, info.virtualSize());
  }

  @Test
  public void what_is_not_there_is_not_found() {
    assertThrows(NotFoundException.class, () -> tools().info(base()));
    assertThrows(NotFoundException.class, () -> tools().rawInfo(base()));
    assertThrows(NotFoundException.class, () -> tools().check(base(), Progress.NONE));
    assertThrows(
        NotFoundException.class, () -> tools().repair(base(), RepairScope.ALL, Progress.NONE));
    assertThrows(NotFoundException.class, () -> tools().open(ImageToOpen.qcow2(base())));
    assertThrows(NotFoundException.class, () -> tools().renameBacking(base(), null));
    assertThrows(
        NotFoundException.class,
        () -> tools().rebase(base(), null, AllowedFiles.NONE, Progress.NONE));
  }

  @Test
  public void what_is_no_image_is_invalid() {
    makeFile(base(), WORDS);

    assertThrows(InvalidImageException.class, () -> tools().info(base()));
    assertThrows(InvalidImageException.class, () -> tools().check(base(), Progress.NONE));
    assertThrows(
        InvalidImageException.class, () -> tools().repair(base(), RepairScope.ALL, Progress.NONE));
    assertThrows(InvalidImageException.class, () -> tools().open(ImageToOpen.qcow2(base())));
    assertThrows(InvalidImageException.class, () -> tools().renameBacking(base(), null));
    assertThrows(
        InvalidImageException.class,
        () -> tools().rebase(base(), null, AllowedFiles.NONE, Progress.NONE));
  }

  @Test
  public void a_directory_is_no_image() {
    assertThrows(InvalidImageException.class, () -> tools().open(ImageToOpen.qcow2(root())));
    assertThrows(
        InvalidImageException.class, () -> tools().repair(root(), RepairScope.ALL, Progress.NONE));
  }

  // Checks.

  @Test
  public void a_new_image_is_clean() {
    makeBase();

    CheckResult result = tools().check(base(), Progress.NONE);

    assertTrue(result.isClean());
    assertTrue(result.complete());
    assertEquals(16, result.totalClusters());
  }

  @Test
  public void a_repair_of_a_clean_image_fixes_nothing() {
    makeBase();
    CheckResult before = tools().check(base(), Progress.NONE);

    assertEquals(before, tools().repair(base(), RepairScope.ALL, Progress.NONE).after());
  }

  // The gate.

  @Test
  public void a_backing_file_stays_closed_unless_it_is_allowed() {
    makeOverlay();

    UnallowedFileException refusal =
        assertThrows(
            UnallowedFileException.class, () -> tools().open(ImageToOpen.qcow2(overlay())));

    assertEquals(base(), refusal.file());
  }

  @Test
  public void a_backing_file_is_opened_if_it_is_allowed() {
    makeOverlay();

    assertReadsAsBase(AllowedFiles.only(List.of(base())));
    assertReadsAsBase(AllowedFiles.inside(root()));
    assertReadsAsBase(AllowedFiles.only(List.of(raw())).and(AllowedFiles.inside(root())));
  }

  @Test
  public void a_directory_allows_what_is_in_it_alone() {
    makeOverlay();

    assertThrows(
        UnallowedFileException.class,
        () ->
            tools()
                .open(
                    ImageToOpen.qcow2(overlay())
                        .allowing(AllowedFiles.inside(root().resolve("base.qcow")))));
  }

  @Test
  public void a_missing_backing_file_is_a_broken_chain() {
    makeOverlay();
    tools().renameBacking(overlay(), new BackingFile("gone.qcow2", "qcow2"));

    assertThrows(BrokenChainException.class, this::openOverlay);
  }

  // Reading.

  @Test
  public void a_disk_says_its_files_from_the_top() {
    makeOverlay();

    try (OpenDisk disk = openOverlay()) {
      assertEquals(List.of(LayerFile.qcow2(overlay()), LayerFile.qcow2(base())), disk.layers());
      assertEquals(2 << 20, disk.virtualSize());
    }
  }

  @Test
  public void a_disk_is_zeros_where_nothing_was_written() {
    makeOverlay();

    try (OpenDisk disk = openOverlay()) {
      assertArrayEquals(new byte[CLUSTER], read(disk, 0, CLUSTER));
      assertArrayEquals(new byte[512], read(disk, (2 << 20) - 512, 512));
    }
  }

  @Test
  public void a_read_ends_with_the_disk() {
    makeOverlay();

    try (OpenDisk disk = openOverlay()) {
      assertEquals(100, disk.read((2 << 20) - 100, ByteBuffer.allocate(512)));
      assertEquals(0, disk.read(2 << 20, ByteBuffer.allocate(512)));
      assertEquals(0, disk.read(Long.MAX_VALUE, ByteBuffer.allocate(512)));
      assertThrows(IllegalArgumentException.class, () -> disk.read(-1, ByteBuffer.allocate(512)));
    }
  }

  @Test
  public void a_disk_that_is_closed_is_not_read() {
    makeOverlay();
    OpenDisk disk = openOverlay();
    disk.close();
    disk.close();

    assertThrows(StorageException.class, () -> disk.read(0, ByteBuffer.allocate(512)));
  }

  @Test
  public void a_raw_file_goes_on_with_zeros_to_the_end_of_its_last_sector() {
    makeFile(raw(), WORDS);

    try (OpenDisk disk = tools().open(ImageToOpen.raw(raw()))) {
      assertEquals(512, disk.virtualSize());
      assertArrayEquals(Arrays.copyOf(WORDS, 512), read(disk, 0, 512));
    }
  }

  // Maps.

  @Test
  public void a_map_says_which_layer_has_what() {
    makeOverlay();

    try (OpenDisk disk = openOverlay()) {
      List<MapEntry> map = ImmutableList.copyOf(disk.map());

      assertEquals(
          List.of("65536+65536 in layer 1"),
          map.stream().filter(MapEntry::data).map(this::shown).toList());
    }
  }

  private String shown(MapEntry entry) {
    return entry.start() + "+" + entry.length() + " in layer " + entry.depth();
  }

  @Test
  public void a_map_has_no_gap() {
    makeOverlay();

    try (OpenDisk disk = openOverlay()) {
      long end = 0;
      for (Iterator<MapEntry> map = disk.map(); map.hasNext(); ) {
        MapEntry entry = map.next();
        assertEquals(end, entry.start());
        end = entry.end();
      }
      assertEquals(disk.virtualSize(), end);
    }
  }

  @Test
  public void a_disk_of_no_bytes_has_one_entry() {
    makeFile(raw(), new byte[0]);

    try (OpenDisk disk = tools().open(ImageToOpen.raw(raw()))) {
      assertEquals(
          List.of(new MapEntry(0, 0, 0, false, false, false, OptionalLong.empty())),
          ImmutableList.copyOf(disk.map()));
    }
  }

  // Comparisons.

  @Test
  public void disks_are_compared_by_what_they_read_as() {
    makeOverlay();
    try (OpenDisk one = openOverlay();
        OpenDisk other = tools().open(ImageToOpen.qcow2(base()))) {
      assertEquals(OptionalLong.empty(), tools().compare(one, other, Progress.NONE));
    }
  }

  @Test
  public void a_comparison_ends_at_the_first_byte_that_differs() {
    makeOverlay();
    makeFile(raw(), new byte[4096]);
    try (OpenDisk one = openOverlay();
        OpenDisk other = tools().open(ImageToOpen.raw(raw()))) {
      assertEquals(OptionalLong.of(CLUSTER), tools().compare(one, other, Progress.NONE));
      assertEquals(OptionalLong.of(CLUSTER), tools().compare(other, one, Progress.NONE));
    }
  }
}
