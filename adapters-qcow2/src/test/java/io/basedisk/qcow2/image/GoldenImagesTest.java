package io.basedisk.qcow2.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.base.Splitter;
import com.google.common.hash.Hashing;
import com.google.common.io.Resources;
import io.basedisk.qcow2.testing.Images;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Images that QEMU made read as they read in QEMU; see {@code golden/make.sh}. */
class GoldenImagesTest {

  @TempDir Path directory;

  static Stream<String> images() throws IOException {
    return sums().map(line -> line.get(1)).filter(name -> !name.startsWith("chain-"));
  }

  @ParameterizedTest
  @MethodSource("images")
  void an_image_reads_as_in_qemu(String name) throws IOException {
    LayerFile image = LayerFile.qcow2(Images.golden(name, directory));

    assertEquals(sum(name), sha256(Images.read(image)));
  }

  @Test
  void a_chain_reads_as_in_qemu() throws IOException {
    LayerFile top = LayerFile.qcow2(Images.golden("chain-top.qcow2", directory));
    LayerFile middle = LayerFile.qcow2(Images.golden("chain-middle.qcow2", directory));
    LayerFile base = LayerFile.raw(Images.golden("chain-base.raw", directory));

    assertEquals(sum("chain-top.qcow2"), sha256(Images.read(top, middle, base)));
  }

  private static String sum(String name) throws IOException {
    return sums().filter(line -> line.get(1).equals(name)).findFirst().orElseThrow().get(0);
  }

  private static Stream<List<String>> sums() throws IOException {
    return Resources.readLines(
            Resources.getResource("io/basedisk/qcow2/golden/SHA256SUMS"), StandardCharsets.UTF_8)
        .stream()
        .map(Splitter.on("  ")::splitToList);
  }

  private static String sha256(byte[] content) {
    return Hashing.sha256().hashBytes(content).toString();
  }
}
