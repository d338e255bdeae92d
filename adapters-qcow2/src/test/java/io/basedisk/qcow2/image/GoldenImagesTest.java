package io.basedisk.qcow2.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.hash.Hashing;
import com.google.common.io.Resources;
import io.basedisk.qcow2.testing.Images;
import io.basedisk.qcow2.testing.QemuMap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Images that QEMU made have the same content and map as in QEMU; see {@code golden/make.sh}. */
class GoldenImagesTest {

  /** The backing files of the images that have one. */
  private static final ImmutableListMultimap<String, String> BELOW =
      ImmutableListMultimap.<String, String>builder()
          .putAll("chain-top.qcow2", "chain-middle.qcow2", "chain-base.raw")
          .putAll("five-4.qcow2", "five-3.qcow2", "five-2.qcow2", "five-1.qcow2", "five-0.qcow2")
          .build();

  @TempDir Path directory;

  static Stream<String> images() throws IOException {
    return sums().map(line -> line.get(1));
  }

  @ParameterizedTest
  @MethodSource("images")
  void an_image_reads_as_in_qemu(String name) throws IOException {
    try (DiskImage disk = open(name)) {
      ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(disk.virtualSize()));
      disk.read(0, content);

      assertEquals(sum(name), Hashing.sha256().hashBytes(content.array()).toString());
    }
  }

  @ParameterizedTest
  @MethodSource("images")
  void an_image_has_the_same_map_as_in_qemu(String name) throws IOException {
    try (DiskImage disk = open(name)) {
      assertEquals(
          String.join("\n", lines(name.replace(".qcow2", ".map"))), QemuMap.of(disk).strip());
    }
  }

  private DiskImage open(String name) {
    ImmutableList<Path> below =
        BELOW.get(name).stream()
            .map(file -> Images.golden(file, directory))
            .collect(ImmutableList.toImmutableList());
    return DiskImage.open(Images.golden(name, directory), OpenPolicy.only(below));
  }

  private static String sum(String name) throws IOException {
    return sums().filter(line -> line.get(1).equals(name)).findFirst().orElseThrow().get(0);
  }

  private static Stream<List<String>> sums() throws IOException {
    return lines("SHA256SUMS").stream().map(Splitter.on("  ")::splitToList);
  }

  private static List<String> lines(String name) throws IOException {
    return Resources.readLines(
        Resources.getResource("io/basedisk/qcow2/golden/" + name), StandardCharsets.UTF_8);
  }
}
