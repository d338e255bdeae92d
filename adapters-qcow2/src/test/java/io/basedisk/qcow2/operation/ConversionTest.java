package io.basedisk.qcow2.operation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.image.Compression;
import io.basedisk.domain.image.CompressionType;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.check.RefcountCheck;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.NewImage;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.os.ScratchMount;
import io.basedisk.qcow2.testing.Images;
import io.basedisk.qcow2.write.Qcow2Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A conversion keeps the guest's content. A failed one leaves no file. */
class ConversionTest {

  @TempDir Path sources;
  @TempDir Path targets;

  private Path target;

  @BeforeEach
  void nameTarget() {
    target = targets.resolve("converted");
  }

  private void toQcow2(Qcow2Options options, LayerFile... source) {
    try (DiskImage disk = DiskImage.open(List.of(source))) {
      new Conversion(disk, target, Progress.NONE).toQcow2(options);
    }
  }

  private void toRaw(LayerFile... source) {
    try (DiskImage disk = DiskImage.open(List.of(source))) {
      new Conversion(disk, target, Progress.NONE).toRaw();
    }
  }

  private LayerFile golden(String name) {
    return LayerFile.qcow2(Images.golden(name, sources));
  }

  private LayerFile[] goldenChain() {
    return new LayerFile[] {
      golden("chain-top.qcow2"),
      golden("chain-middle.qcow2"),
      LayerFile.raw(Images.golden("chain-base.raw", sources))
    };
  }

  // Content.

  @ParameterizedTest
  @ValueSource(
      strings = {"v2-512.qcow2", "zlib.qcow2", "zstd.qcow2", "extended.qcow2", "zero.qcow2"})
  void an_image_of_any_kind_reads_the_same_when_converted(String name) {
    LayerFile source = golden(name);

    toQcow2(Qcow2Options.DEFAULT, source);

    assertArrayEquals(Images.read(source), Images.read(LayerFile.qcow2(target)));
    assertTrue(RefcountCheck.check(target).isClean());
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void a_chain_becomes_one_compressed_image(CompressionType type) {
    LayerFile[] chain = goldenChain();

    toQcow2(Qcow2Options.DEFAULT.withCompression(Compression.of(type)), chain);

    assertArrayEquals(Images.read(chain), Images.read(LayerFile.qcow2(target)));
    assertTrue(RefcountCheck.check(target).isClean());
  }

  @Test
  void a_chain_becomes_one_raw_image() {
    LayerFile[] chain = goldenChain();

    toRaw(chain);

    assertArrayEquals(Images.read(chain), Images.read(LayerFile.raw(target)));
  }

  @Test
  void a_raw_image_that_ends_within_a_sector_goes_on_with_zeros() throws IOException {
    Path raw = sources.resolve("odd.raw");
    byte[] content = new byte[70_000];
    Arrays.fill(content, (byte) 1);
    Files.write(raw, content);

    toQcow2(Qcow2Options.DEFAULT, LayerFile.raw(raw));

    assertArrayEquals(Arrays.copyOf(content, 70_144), Images.read(LayerFile.qcow2(target)));
  }

  @Test
  void a_layer_that_ends_early_hides_what_is_kept_below_it() throws IOException {
    Path base = sources.resolve("base.raw");
    byte[] content = new byte[1 << 20];
    Arrays.fill(content, (byte) 1);
    Files.write(base, content);
    Path small = sources.resolve("small.qcow2");
    new NewImage(small, 512 << 10, new BackingFile(base.toString(), "raw")).create();
    Path top = sources.resolve("top.qcow2");
    new NewImage(top, 1 << 20, new BackingFile(small.toString(), "qcow2")).create();
    LayerFile[] chain = {LayerFile.qcow2(top), LayerFile.qcow2(small), LayerFile.raw(base)};

    try (DiskImage disk = DiskImage.open(List.of(chain))) {
      new Conversion(disk, target, Progress.NONE)
          .toOverlay(
              Qcow2Options.DEFAULT.withBackingFile(new BackingFile(base.toString(), "raw")), 2);
    }

    assertArrayEquals(
        Images.read(chain), Images.read(LayerFile.qcow2(target), LayerFile.raw(base)));
  }

  @Test
  void a_raw_image_has_holes_where_blocks_are_zeros() throws IOException {
    Path raw = sources.resolve("zeros.raw");
    Files.write(raw, new byte[8 << 20]);

    toRaw(LayerFile.raw(raw));

    FileStatus status = OperatingSystem.current().status(target).orElseThrow();
    assertEquals(8 << 20, status.length());
    assertTrue(status.allocatedBytes() <= 64 << 10, status.toString());
  }

  @Test
  void a_disk_of_a_tebibyte_that_is_empty_is_quickly_converted() {
    Path image = sources.resolve("large.qcow2");
    new NewImage(image, 1L << 40, null).create();
    List<Long> progress = new ArrayList<>();

    try (DiskImage disk = DiskImage.open(List.of(LayerFile.qcow2(image)))) {
      new Conversion(disk, target, (done, total) -> progress.add(done))
          .toQcow2(Qcow2Options.DEFAULT);
    }

    assertEquals(0, RefcountCheck.check(target).allocatedClusters());
    assertEquals(1L << 40, progress.get(progress.size() - 1));
  }

  // Failures.

  @Test
  void an_existing_target_is_refused_and_stays() throws IOException {
    LayerFile source = golden("zlib.qcow2");
    Files.writeString(target, "precious");

    assertThrows(AlreadyExistsException.class, () -> toRaw(source));

    assertEquals("precious", Files.readString(target));
  }

  @Test
  void an_interrupt_leaves_nothing() throws IOException {
    LayerFile source = golden("zlib.qcow2");
    Thread.currentThread().interrupt();

    assertThrows(InterruptedOperationException.class, () -> toQcow2(Qcow2Options.DEFAULT, source));

    assertTrue(Thread.interrupted());
    assertEquals(List.of(), files());
  }

  @Test
  void an_interrupt_half_way_leaves_nothing() throws IOException {
    Path raw = sources.resolve("full.raw");
    byte[] content = new byte[40 << 20];
    Arrays.fill(content, (byte) 1);
    Files.write(raw, content);

    try (DiskImage disk = DiskImage.open(List.of(LayerFile.raw(raw)))) {
      Conversion conversion =
          new Conversion(disk, target, (done, total) -> Thread.currentThread().interrupt());
      assertThrows(
          InterruptedOperationException.class, () -> conversion.toQcow2(Qcow2Options.DEFAULT));
    }

    assertTrue(Thread.interrupted());
    assertEquals(List.of(), files());
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "compressed", "raw"})
  void a_disk_that_is_full_is_an_error_and_leaves_nothing(String kind) throws IOException {
    Path raw = sources.resolve("random.raw");
    byte[] content = new byte[4 << 20];
    new Random(1).nextBytes(content);
    Files.write(raw, content);
    try (ScratchMount small = ScratchMount.ofMemory(targets, 1024)) {
      target = small.directory().resolve("converted");

      StorageException failure =
          assertThrows(StorageException.class, () -> convert(kind, LayerFile.raw(raw)));

      assertTrue(failure.getMessage().contains("no space left"), failure.getMessage());
      try (Stream<Path> names = Files.list(small.directory())) {
        assertEquals(List.of(), names.toList());
      }
    }
  }

  private void convert(String kind, LayerFile source) {
    switch (kind) {
      case "raw" -> toRaw(source);
      case "plain" -> toQcow2(Qcow2Options.DEFAULT, source);
      default ->
          toQcow2(
              Qcow2Options.DEFAULT.withCompression(Compression.of(CompressionType.ZLIB)), source);
    }
  }

  @Test
  void a_directory_that_is_missing_is_an_error_that_names_the_file() {
    LayerFile source = golden("zlib.qcow2");
    target = targets.resolve("missing").resolve("converted");

    StorageException failure = assertThrows(StorageException.class, () -> toRaw(source));

    assertTrue(failure.getMessage().contains(target.getParent().toString()), failure.getMessage());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> names = Files.list(targets)) {
      return names.toList();
    }
  }
}
