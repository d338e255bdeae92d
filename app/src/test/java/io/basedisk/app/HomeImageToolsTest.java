package io.basedisk.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.image.AllowedFiles;
import io.basedisk.domain.image.ImageToOpen;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.image.RepairScope;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OpenDisk;
import io.basedisk.domain.port.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image tools of a home read its files, and write only files that are not its own. */
class HomeImageToolsTest {

  private static final ByteSize SIZE = ByteSize.parse("1M");

  @TempDir private Path temporary;
  private Path directory;
  private BaseDisks disks;
  private ImageTools images;
  private Path boxDisk;
  private Path base;

  @BeforeEach
  void make_a_home_with_a_base() throws IOException {
    directory = temporary.toRealPath();
    disks = BaseDisks.open(directory.resolve("home"));
    images = disks.images();
    BoxId box = BoxId.of("web-1");
    boxDisk = disks.boxes().create(box, SIZE).box().disk(DiskSlot.CONTAINER);
    base = disks.bases().create(box, BaseDiskKind.CLONE_BASE, null).diskInfo().basePath();
  }

  @AfterEach
  void close_the_home() {
    disks.close();
  }

  @Test
  void a_box_s_disk_is_read_with_the_bases_that_are_allowed() {
    ImageToOpen image =
        ImageToOpen.qcow2(boxDisk).allowing(AllowedFiles.inside(disks.home().bases()));

    try (OpenDisk disk = images.open(image)) {
      assertEquals(
          ImmutableList.of(LayerFile.qcow2(boxDisk), LayerFile.qcow2(base)), disk.layers());
    }
  }

  @Test
  void a_file_of_the_home_is_not_repaired() {
    for (Path file : List.of(boxDisk, base)) {
      assertThrows(
          RefusedException.class, () -> images.repair(file, RepairScope.ALL, Progress.NONE));
    }
  }

  @Test
  void an_image_is_not_made_among_the_files_of_the_home() {
    Path target = disks.home().bases().resolve("target");
    try (OpenDisk disk = images.open(ImageToOpen.qcow2(base))) {
      assertThrows(
          RefusedException.class,
          () -> images.convert(disk, target, NewImageFormat.RAW, Progress.NONE));
    }
    assertThrows(RefusedException.class, () -> images.create(target, null, SIZE));
    assertFalse(Files.exists(target));
  }

  @Test
  void an_overlay_is_not_made_of_what_stands_on_a_base() {
    Path overlay = directory.resolve("overlay.qcow2");

    for (Path backing : List.of(boxDisk, base)) {
      assertThrows(
          RefusedException.class, () -> images.create(overlay, LayerFile.qcow2(backing), SIZE));
    }

    Path between = directory.resolve("between.qcow2");
    BaseDisks.imagesWithoutHome(UnknownUsePolicy.TRUST_CALLER)
        .create(between, LayerFile.qcow2(base), SIZE);
    assertThrows(
        RefusedException.class, () -> images.create(overlay, LayerFile.qcow2(between), SIZE));
    assertFalse(Files.exists(overlay));
  }

  @Test
  void an_image_is_not_rebased_onto_what_the_home_manages() {
    Path image = directory.resolve("disk.qcow2");
    images.create(image, null, SIZE);

    assertThrows(
        RefusedException.class,
        () -> images.rebase(image, LayerFile.qcow2(base), AllowedFiles.NONE, Progress.NONE));
    assertThrows(
        RefusedException.class,
        () -> images.renameBacking(image, new BackingFile(base.toString(), "qcow2")));
    for (Path allowed : List.of(disks.home().bases(), directory)) {
      assertThrows(
          RefusedException.class,
          () -> images.rebase(image, null, AllowedFiles.inside(allowed), Progress.NONE));
    }
    assertThrows(
        RefusedException.class,
        () -> images.rebase(image, null, AllowedFiles.only(ImmutableList.of(base)), Progress.NONE));
  }

  @Test
  void a_box_s_disk_is_not_rebased() {
    assertThrows(
        RefusedException.class,
        () -> images.rebase(boxDisk, null, AllowedFiles.NONE, Progress.NONE));
    assertThrows(RefusedException.class, () -> images.renameBacking(boxDisk, null));
  }

  @Test
  void an_image_outside_of_the_home_is_made_converted_repaired_and_rebased() {
    Path lower = directory.resolve("lower.qcow2");
    Path image = directory.resolve("disk.qcow2");
    Path copy = directory.resolve("copy.qcow2");
    images.create(lower, null, SIZE);
    images.create(image, LayerFile.qcow2(lower), SIZE);

    images.rebase(image, null, AllowedFiles.only(ImmutableList.of(lower)), Progress.NONE);
    try (OpenDisk disk = images.open(ImageToOpen.qcow2(image))) {
      images.convert(disk, copy, NewImageFormat.Qcow2.DEFAULT, Progress.NONE);
    }

    assertEquals(0, images.repair(copy, RepairScope.ALL, Progress.NONE).leaksFixed());
  }
}
