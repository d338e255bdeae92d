package io.basedisk.domain.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.UnallowedFileException;
import io.basedisk.domain.image.AllowedFiles;
import io.basedisk.domain.image.Compression;
import io.basedisk.domain.image.CompressionType;
import io.basedisk.domain.image.ImageToOpen;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.image.Measurement;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OpenDisk;
import io.basedisk.domain.port.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/**
 * What {@link ImageTools} promises. Extend it for an implementation; each test gets its own {@link
 * #root}.
 *
 * <p>What a damaged image looks like, and who else has an image open, is for the tests of an
 * implementation.
 */
public abstract class ImageToolsContract extends ImageReadingContract {

  // Conversions and measurements.

  @Test
  public void a_conversion_reads_as_its_source_and_needs_no_other_file() {
    makeOverlay();

    assertConverts(NewImageFormat.RAW);
    assertConverts(NewImageFormat.Qcow2.DEFAULT);
    assertConverts(NewImageFormat.Qcow2.DEFAULT.withClusterSize(512));
    for (CompressionType type : CompressionType.values()) {
      assertConverts(NewImageFormat.Qcow2.DEFAULT.withCompression(Compression.of(type)));
    }
  }

  private void assertConverts(NewImageFormat format) {
    Path target = root().resolve("target" + files().size());
    try (OpenDisk source = openOverlay()) {
      tools().convert(source, target, format, Progress.NONE);
      ImageToOpen image = new ImageToOpen(target, format.format(), AllowedFiles.NONE);
      try (OpenDisk copy = tools().open(image)) {
        assertEquals(source.virtualSize(), copy.virtualSize(), () -> "as " + format);
        assertEquals(
            OptionalLong.empty(),
            tools().compare(source, copy, Progress.NONE),
            () -> "as " + format);
      }
    }
  }

  @Test
  public void a_conversion_never_overwrites() {
    makeOverlay();
    try (OpenDisk disk = openOverlay()) {
      assertThrows(
          AlreadyExistsException.class,
          () -> tools().convert(disk, base(), NewImageFormat.RAW, Progress.NONE));
    }

    assertTrue(tools().check(base(), Progress.NONE).isClean());
  }

  @Test
  public void a_conversion_into_a_missing_directory_finds_it_not() {
    makeOverlay();
    try (OpenDisk disk = openOverlay()) {
      assertThrows(
          NotFoundException.class,
          () ->
              tools()
                  .convert(disk, root().resolve("no/target"), NewImageFormat.RAW, Progress.NONE));
    }
  }

  @Test
  public void an_interrupt_ends_a_conversion_and_leaves_nothing() {
    makeOverlay();
    List<String> before = files();
    try (OpenDisk disk = openOverlay()) {
      Thread.currentThread().interrupt();
      assertThrows(
          InterruptedOperationException.class,
          () ->
              tools()
                  .convert(
                      disk, root().resolve("target"), NewImageFormat.Qcow2.DEFAULT, Progress.NONE));
    } finally {
      assertTrue(Thread.interrupted(), "the interrupt is gone");
    }

    assertEquals(before, files());
  }

  @Test
  public void a_conversion_tells_how_far_it_is() {
    makeOverlay();
    List<Long> steps = new ArrayList<>();
    try (OpenDisk disk = openOverlay()) {
      tools()
          .convert(
              disk,
              root().resolve("target"),
              NewImageFormat.Qcow2.DEFAULT,
              (done, total) -> {
                assertEquals(2 << 20, total);
                steps.add(done);
              });
    }

    assertEquals(steps.stream().sorted().toList(), steps);
    assertEquals(2 << 20, steps.get(steps.size() - 1));
  }

  @Test
  public void a_raw_image_takes_as_many_bytes_as_its_disk() {
    makeOverlay();
    try (OpenDisk disk = openOverlay()) {
      assertEquals(
          new Measurement(2 << 20, 2 << 20, OptionalLong.empty()),
          tools().measure(disk, NewImageFormat.RAW));
    }
  }

  @Test
  public void a_qcow2_image_takes_what_was_measured_at_most() {
    makeOverlay();
    Path target = root().resolve("target");
    try (OpenDisk disk = openOverlay()) {
      Measurement measured = tools().measure(disk, NewImageFormat.Qcow2.DEFAULT);
      tools().convert(disk, target, NewImageFormat.Qcow2.DEFAULT, Progress.NONE);

      long length = tools().rawInfo(target).virtualSize();
      assertTrue(length <= measured.required(), () -> length + " bytes, but " + measured);
      assertTrue(measured.required() <= measured.fullyAllocated(), measured::toString);
    }
  }

  @Test
  public void other_tools_disks_are_refused() {
    OpenDisk foreign = new ForeignDisk();

    assertThrows(
        IllegalArgumentException.class, () -> tools().measure(foreign, NewImageFormat.RAW));
    assertThrows(
        IllegalArgumentException.class, () -> tools().compare(foreign, foreign, Progress.NONE));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            tools().convert(foreign, root().resolve("target"), NewImageFormat.RAW, Progress.NONE));
  }

  // New overlays, and new backing files.

  @Test
  public void an_overlay_names_the_real_path_of_its_backing_file() {
    makeBase();

    tools().create(overlay(), LayerFile.qcow2(root().resolve(".").resolve("base.qcow2")), SIZE);

    assertEquals(new BackingFile(base().toString(), "qcow2"), tools().info(overlay()).backing());
  }

  @Test
  public void an_image_that_can_not_be_made_leaves_nothing() {
    makeFile(raw(), WORDS);
    List<String> before = files();

    assertNotMade(AlreadyExistsException.class, () -> tools().create(raw(), null, SIZE));
    assertNotMade(
        NotFoundException.class, () -> tools().create(root().resolve("no/disk"), null, SIZE));
    assertNotMade(
        NotFoundException.class,
        () -> tools().create(overlay(), LayerFile.qcow2(root().resolve("gone")), SIZE));
    assertNotMade(
        InvalidImageException.class, () -> tools().create(overlay(), LayerFile.qcow2(raw()), SIZE));
    assertNotMade(
        InvalidImageException.class, () -> tools().create(overlay(), LayerFile.raw(root()), SIZE));
    assertNotMade(
        InvalidArgumentException.class,
        () -> tools().create(overlay(), null, new ByteSize(Long.MAX_VALUE >> 10 << 9)));
    assertEquals(before, files());
  }

  private static void assertNotMade(Class<? extends Exception> error, Runnable making) {
    assertThrows(error, making::run);
  }

  @Test
  public void a_rebase_keeps_what_the_disk_reads_as() {
    makeOverlay();
    tools().create(other(), null, SIZE);

    assertRebases(LayerFile.qcow2(other()), new BackingFile(other().toString(), "qcow2"));
    assertRebases(null, null);
  }

  private void assertRebases(LayerFile backing, BackingFile stored) {
    AllowedFiles files = AllowedFiles.only(List.of(base(), other()));
    tools().rebase(overlay(), backing, files, Progress.NONE);

    assertEquals(stored, tools().info(overlay()).backing());
    assertReadsAsBase(files);
  }

  @Test
  public void a_rebase_opens_what_is_allowed_alone() {
    makeOverlay();
    tools().create(other(), null, SIZE);

    assertThrows(
        UnallowedFileException.class,
        () ->
            tools().rebase(overlay(), LayerFile.qcow2(other()), AllowedFiles.NONE, Progress.NONE));

    assertEquals(new BackingFile(base().toString(), "qcow2"), tools().info(overlay()).backing());
  }

  @Test
  public void an_image_is_not_rebased_onto_itself() {
    makeOverlay();

    assertThrows(
        InvalidArgumentException.class,
        () ->
            tools()
                .rebase(
                    base(),
                    LayerFile.qcow2(overlay()),
                    AllowedFiles.only(List.of(base())),
                    Progress.NONE));
  }

  @Test
  public void an_interrupt_ends_a_rebase_and_leaves_the_image_as_it_was() {
    makeOverlay();
    List<String> before = files();
    try {
      Thread.currentThread().interrupt();
      assertThrows(
          InterruptedOperationException.class,
          () -> tools().rebase(overlay(), null, AllowedFiles.inside(root()), Progress.NONE));
    } finally {
      assertTrue(Thread.interrupted(), "the interrupt is gone");
    }

    assertEquals(before, files());
    assertEquals(new BackingFile(base().toString(), "qcow2"), tools().info(overlay()).backing());
  }

  @Test
  public void a_backing_file_is_renamed_without_a_look_at_it() {
    makeOverlay();
    BackingFile moved = new BackingFile("moved/base.raw", "raw");

    tools().renameBacking(overlay(), moved);
    assertEquals(moved, tools().info(overlay()).backing());

    tools().renameBacking(overlay(), null);
    assertNull(tools().info(overlay()).backing());
  }
}
