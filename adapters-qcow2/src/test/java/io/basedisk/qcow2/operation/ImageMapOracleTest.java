package io.basedisk.qcow2.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.OpenPolicy;
import io.basedisk.qcow2.testing.Qemu;
import io.basedisk.qcow2.testing.QemuMap;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Empty disks, and disks with a partial last sector, have the same map and size as in QEMU. */
@Tag("oracle")
class ImageMapOracleTest {

  private static final long VIRTUAL_SIZE_FIELD = 24;

  @TempDir Path temporary;
  private Path directory;

  @BeforeAll
  static void assumeQemu() {
    Qemu.assumeInstalled();
  }

  @BeforeEach
  void withoutLinks() throws IOException {
    directory = temporary.toRealPath();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 511, 512, 513, 1_000_003})
  void a_raw_file_full_of_data(int length) throws IOException {
    assertAsForQemu(full("full.raw", length), ImageFormat.RAW);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 512, 513, 2_000_003})
  void a_raw_file_that_is_one_hole(long length) throws IOException {
    assertAsForQemu(hole("hole.raw", length), ImageFormat.RAW);
  }

  @Test
  void a_raw_file_with_data_between_holes() throws IOException {
    Path raw = hole("mixed.raw", 2_000_003);
    try (FileChannel file = FileChannel.open(raw, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(ones(12_288)), 40_960);
    }

    assertAsForQemu(raw, ImageFormat.RAW);
  }

  @ParameterizedTest
  @CsvSource({"524288, 64K", "1000448, 64K", "1048576, 512", "2097152, 64K", "2097152, 512"})
  void an_overlay_of_a_raw_file(long size, String clusterSize) throws IOException {
    Path raw = full("full.raw", 1_000_003);
    Path overlay = qcow2("overlay.qcow2", size, "-o", "cluster_size=" + clusterSize, "-b", raw);

    assertAsForQemu(overlay, ImageFormat.QCOW2);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 512, 1 << 20})
  void an_empty_image(long size) throws IOException {
    assertAsForQemu(qcow2("empty.qcow2", size), ImageFormat.QCOW2);
  }

  @ParameterizedTest
  @ValueSource(longs = {511, 999_937, 1_000_003})
  void an_image_whose_header_names_a_size_of_no_whole_sectors(long size) throws IOException {
    Path image = qcow2("odd.qcow2", 1 << 20, "-b", full("full.raw", 1_000_003));
    try (FileChannel file = FileChannel.open(image, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(Long.BYTES).putLong(0, size), VIRTUAL_SIZE_FIELD);
    }

    assertAsForQemu(image, ImageFormat.QCOW2);
  }

  /** Compares the map, and the size in a measurement, a conversion and a read. */
  private void assertAsForQemu(Path image, ImageFormat format) throws IOException {
    Path theirs = directory.resolve("theirs");
    Path ours = directory.resolve("ours");
    Qemu.img("convert", "-f", format.label(), "-O", "raw", image, theirs);
    try (DiskImage disk = DiskImage.open(image, format, OpenPolicy.inside(directory))) {
      assertEquals(QemuMap.of(image, format.label()), QemuMap.of(disk));
      assertEquals(Files.size(theirs), disk.virtualSize(), "bytes to read");
      assertEquals(Files.size(theirs), ImageMeasurement.ofRaw(disk).required(), "measured");
      assertEquals(
          requiredByQemu(image, format), ImageMeasurement.ofQcow2(disk, 64 << 10).required());
      new Conversion(disk, ours, Progress.NONE).toRaw();
    }
    assertEquals(-1, Files.mismatch(theirs, ours), "converted");
  }

  private static long requiredByQemu(Path image, ImageFormat format) {
    String answer =
        Qemu.img("measure", "--output=json", "-f", format.label(), "-O", "qcow2", image);
    return Long.parseLong(answer.replaceAll("(?s).*\"required\": (\\d+).*", "$1"));
  }

  // Building blocks.

  private Path full(String name, int length) throws IOException {
    return Files.write(directory.resolve(name), ones(length));
  }

  private static byte[] ones(int length) {
    byte[] content = new byte[length];
    Arrays.fill(content, (byte) 1);
    return content;
  }

  private Path hole(String name, long length) throws IOException {
    Path file = directory.resolve(name);
    try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(length);
    }
    return file;
  }

  private Path qcow2(String name, long size, Object... options) {
    Path image = directory.resolve(name);
    List<Object> arguments = new ArrayList<>(List.of("create", "-q", "-f", "qcow2"));
    arguments.addAll(List.of(options));
    if (List.of(options).contains("-b")) {
      arguments.addAll(List.of("-F", "raw"));
    }
    arguments.add(image);
    arguments.add(size);
    Qemu.img(arguments.toArray());
    return image;
  }
}
