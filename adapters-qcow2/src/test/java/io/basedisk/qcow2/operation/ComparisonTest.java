package io.basedisk.qcow2.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.testing.Images;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonTest {

  @TempDir Path directory;

  private LayerFile golden(String name) {
    return LayerFile.qcow2(Images.golden(name, directory));
  }

  private LayerFile raw(byte[] content) throws IOException {
    return LayerFile.raw(Files.write(Files.createTempFile(directory, "disk", ".raw"), content));
  }

  private static OptionalLong compare(LayerFile one, LayerFile other) {
    return compare(List.of(one), List.of(other));
  }

  private static OptionalLong compare(List<LayerFile> one, List<LayerFile> other) {
    try (DiskImage first = DiskImage.open(one);
        DiskImage second = DiskImage.open(other)) {
      return Comparison.firstDifference(first, second, Progress.NONE);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"zero.qcow2", "extended.qcow2", "zlib.qcow2", "zstd.qcow2", "large.qcow2"})
  void a_disk_equals_its_content_in_a_raw_file(String name) throws IOException {
    LayerFile image = golden(name);

    assertEquals(OptionalLong.empty(), compare(image, raw(Images.read(image))));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4095, 4096, 300_000, 1_048_575})
  void a_byte_that_differs_is_found_wherever_it_is(int at) throws IOException {
    LayerFile image = golden("zero.qcow2");
    byte[] content = Images.read(image);
    content[at] ^= 1;

    assertEquals(OptionalLong.of(at), compare(raw(content), image));
  }

  @Test
  void the_first_of_two_differences_is_reported() throws IOException {
    byte[] one = new byte[3 << 20];
    byte[] other = one.clone();
    other[2_000_001] = 1;
    other[2_000_000] = 1;

    assertEquals(OptionalLong.of(2_000_000), compare(raw(one), raw(other)));
  }

  @Test
  void a_longer_disk_that_goes_on_with_zeros_is_the_same() throws IOException {
    byte[] content = {1, 2, 3};

    assertEquals(
        OptionalLong.empty(), compare(raw(content), raw(Arrays.copyOf(content, 3_000_000))));
  }

  @Test
  void a_longer_disk_that_goes_on_with_something_else_differs() throws IOException {
    byte[] content = {1, 2, 3};
    byte[] longer = Arrays.copyOf(content, 3_000_000);
    longer[2_999_999] = 1;

    assertEquals(OptionalLong.of(2_999_999), compare(raw(longer), raw(content)));
    assertEquals(OptionalLong.of(2_999_999), compare(raw(content), raw(longer)));
  }

  @Test
  void an_unreadable_cluster_is_refused_and_not_equal() throws IOException {
    LayerFile image = golden("zlib.qcow2");
    LayerFile whole = raw(Images.read(image));
    try (RandomAccessFile file = new RandomAccessFile(image.path().toFile(), "rw")) {
      file.setLength(file.length() / 2 & -4096);
    }

    assertThrows(InvalidImageException.class, () -> compare(image, whole));
  }
}
