package io.basedisk.qcow2.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.basedisk.domain.testing.ProcessorTime;
import io.basedisk.qcow2.testing.Images;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The seeds and all earlier findings pass; without a fuzzer. */
class FuzzRegressionTest {

  /** More than a hundred times the duration of one input. */
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @TempDir Path directory;

  static Stream<Arguments> inputs() {
    return Arrays.stream(ImageUse.values())
        .flatMap(
            use ->
                Stream.concat(FuzzSeeds.GOLDEN.stream(), FuzzSeeds.FOUND.stream())
                    .map(name -> arguments(use, name)));
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void an_input_is_answered_or_refused(ImageUse use, String name) throws Exception {
    try (FuzzDirectory place = new FuzzDirectory()) {
      byte[] input =
          FuzzSeeds.FOUND.contains(name) ? FuzzSeeds.found(name) : FuzzSeeds.golden(name);
      PackedImage.unpack(input, place.image());
      ProcessorTime.assertAtMost(
          LIMIT,
          () -> {
            use.on(place);
            return use;
          });
    }
  }

  @ParameterizedTest
  @MethodSource("golden")
  void a_packed_image_is_the_image(String name) throws Exception {
    byte[] image = Files.readAllBytes(Images.golden(name, directory));
    Path unpacked = directory.resolve("unpacked");

    PackedImage.unpack(PackedImage.pack(image), unpacked);

    assertArrayEquals(image, Files.readAllBytes(unpacked));
  }

  static Stream<String> golden() {
    return FuzzSeeds.GOLDEN.stream();
  }

  @Test
  void a_hole_at_the_end_counts() throws Exception {
    Path unpacked = directory.resolve("unpacked");

    PackedImage.unpack(new byte[] {2, 0, 3}, unpacked);

    assertEquals(3 * 512, Files.size(unpacked));
  }

  @Test
  void a_file_that_is_not_allowed_is_not_opened() throws Exception {
    try (FuzzDirectory place = new FuzzDirectory()) {
      PackedImage.unpack(FuzzSeeds.namingSecret(), place.image());
      ImageUse.READ.on(place);
    }
  }
}
