package io.basedisk.qcow2.operation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.image.Compression;
import io.basedisk.domain.image.CompressionType;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.image.Measurement;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.testing.TestNotes;
import io.basedisk.qcow2.Seed;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.ImageInfoReader;
import io.basedisk.qcow2.testing.Disks;
import io.basedisk.qcow2.testing.GuestActions;
import io.basedisk.qcow2.testing.Images;
import io.basedisk.qcow2.testing.Qemu;
import io.basedisk.qcow2.write.Qcow2Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our conversions are clean and equal for QEMU, and our measurements equal QEMU's. */
@Tag("oracle")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConversionOracleTest {

  @RegisterExtension private final TestNotes notes = new TestNotes();

  @TempDir static Path directory;

  /** Output of a test; empty before each test. */
  @TempDir Path made;

  private final Random random = new Random(Seed.VALUE);

  /** The chains to convert, by name, each with its top layer first. */
  private final Map<String, List<LayerFile>> sources = new LinkedHashMap<>();

  @BeforeEach
  void noteSeed() {
    notes.add("conversions: seed %d", Seed.VALUE);
  }

  // Sources.

  @BeforeAll
  void makeSources() throws IOException {
    Qemu.assumeInstalled();
    Path raw = directory.resolve("varied.raw");
    Files.write(raw, Disks.varied(random, 3_000_001));
    LayerFile base = LayerFile.raw(raw);
    sources.put("raw", List.of(base));
    sources.put("alone", chain("cluster_size=4K", 5 << 20, List.of(), true));
    sources.put("zstd", chain("compression_type=zstd", 5 << 20, List.of(), true));
    sources.put("subclusters", chain("extended_l2=on", 5 << 20, List.of(), false));
    sources.put("v2", chain("compat=0.10", 5 << 20, List.of(base), true));
    List<LayerFile> grown = chain("cluster_size=512", 4 << 20, List.of(base), false);
    List<LayerFile> shrunk = chain("cluster_size=2M", 2_000_384, grown, false);
    sources.put("grown again", chain("cluster_size=4K", 3_500_032, shrunk, false));
    sources.put("empty", chain("cluster_size=64K", 1 << 30, List.of(), false, List.of()));
  }

  private List<LayerFile> chain(
      String options, long size, List<LayerFile> below, boolean compressing) {
    int commands = 30;
    return chain(
        options,
        size,
        below,
        compressing,
        new GuestActions(random, size, 4 << 10, false).commands(commands));
  }

  private List<LayerFile> chain(
      String options,
      long size,
      List<LayerFile> below,
      boolean compressing,
      List<String> commands) {
    Path image = directory.resolve("source-" + sources.size() + "-" + size + ".qcow2");
    List<Object> arguments = new ArrayList<>(List.of("create", "-q", "-f", "qcow2", "-o", options));
    if (!below.isEmpty()) {
      LayerFile backing = below.get(0);
      arguments.addAll(List.of("-b", backing.path(), "-F", backing.format().label()));
    }
    arguments.addAll(List.of(image, size));
    Qemu.img(arguments.toArray());
    if (compressing) {
      Qemu.io(image, List.of("write -c -P 7 1048576 65536", "write -c -P 8 1179648 65536"));
    }
    if (!commands.isEmpty()) {
      Qemu.io(image, commands);
    }
    fillHoles(image);
    List<LayerFile> layers = new ArrayList<>(List.of(LayerFile.qcow2(image)));
    layers.addAll(below);
    return layers;
  }

  /**
   * If a file occupies less space than its refcounts suggest, QEMU counts data in holes as zeros,
   * and measures less.
   */
  private static void fillHoles(Path image) {
    try {
      Files.write(image, Files.readAllBytes(image));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // Conversions.

  Stream<Arguments> conversions() {
    return sources.keySet().stream()
        .flatMap(
            source ->
                Stream.of(512, 4 << 10, 64 << 10, 2 << 20)
                    .flatMap(
                        clusterSize ->
                            Stream.of("plain", "zlib", "zstd")
                                .map(how -> Arguments.of(source, clusterSize, how))));
  }

  @ParameterizedTest(name = "{0} to {2} with clusters of {1}")
  @MethodSource("conversions")
  void a_converted_image_is_clean_and_equal_for_qemu(String source, int clusterSize, String how) {
    Path image = made.resolve("converted.qcow2");
    convert(sources.get(source), image, options(clusterSize, how));

    Qemu.check(image);
    assertEqualForQemu(sources.get(source).get(0), LayerFile.qcow2(image));
  }

  private static Qcow2Options options(int clusterSize, String how) {
    Qcow2Options options = Qcow2Options.DEFAULT.withClusterSize(clusterSize);
    return switch (how) {
      case "zlib" -> options.withCompression(Compression.of(CompressionType.ZLIB));
      case "zstd" -> options.withCompression(Compression.of(CompressionType.ZSTD));
      default -> options;
    };
  }

  private static void convert(List<LayerFile> source, Path image, Qcow2Options options) {
    try (DiskImage disk = DiskImage.open(source)) {
      new Conversion(disk, image, Progress.NONE).toQcow2(options);
    }
  }

  /** For QEMU, a longer disk is equal if its rest is zeros. */
  private static void assertEqualForQemu(LayerFile source, LayerFile image) {
    Qemu.img(
        "compare",
        "-f",
        source.format().label(),
        "-F",
        image.format().label(),
        source.path(),
        image.path());
    assertEquals((virtualSize(source) + 511) / 512 * 512, virtualSize(image));
  }

  private static long virtualSize(LayerFile image) {
    return image.format() == ImageFormat.RAW
        ? image.path().toFile().length()
        : ImageInfoReader.read(image.path()).virtualSize();
  }

  @ParameterizedTest
  @CsvSource({"512, zlib", "65536, zlib", "2097152, zlib", "512, zstd", "65536, zstd"})
  void a_guest_can_write_to_a_compressed_image(int clusterSize, String how) {
    Path image = made.resolve("converted.qcow2");
    convert(sources.get("raw"), image, options(clusterSize, how));
    long size = virtualSize(LayerFile.qcow2(image));

    Qemu.io(image, new GuestActions(random, size, clusterSize, false).commands(40));

    Qemu.check(image);
    assertArrayEquals(Qemu.read(image), Images.read(LayerFile.qcow2(image)));
  }

  Stream<String> sourceNames() {
    return sources.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("sourceNames")
  void a_raw_image_is_equal_for_qemu(String source) {
    Path image = made.resolve("converted.raw");
    try (DiskImage disk = DiskImage.open(sources.get(source))) {
      new Conversion(disk, image, Progress.NONE).toRaw();
    }

    assertEqualForQemu(sources.get(source).get(0), LayerFile.raw(image));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void an_overlay_of_a_kept_layer_reads_as_the_chain_did(int kept) {
    List<LayerFile> chain = sources.get("grown again");
    Path image = made.resolve("overlay.qcow2");
    try (DiskImage disk = DiskImage.open(chain)) {
      new Conversion(disk, image, Progress.NONE)
          .toOverlay(
              Qcow2Options.DEFAULT.withBackingFile(
                  new BackingFile(chain.get(kept).path().toString(), "qcow2")),
              kept);
    }

    Qemu.check(image);
    assertEqualForQemu(chain.get(0), LayerFile.qcow2(image));
  }

  @ParameterizedTest
  @CsvSource({
    "4096, zlib",
    "65536, zlib",
    "2097152, zlib",
    "4096, zstd",
    "65536, zstd",
    "2097152, zstd"
  })
  void compressed_images_are_hardly_larger_than_those_of_qemu(int clusterSize, String type)
      throws IOException {
    LayerFile source = sources.get("raw").get(0);
    Path ours = made.resolve("ours.qcow2");
    Path theirs = made.resolve("theirs.qcow2");
    convert(List.of(source), ours, options(clusterSize, type));
    String options = "cluster_size=" + clusterSize + ",compression_type=" + type;
    Qemu.img("convert", "-c", "-f", "raw", "-O", "qcow2", "-o", options, source.path(), theirs);

    long ourBytes = Files.size(ours);
    long theirBytes = Files.size(theirs);
    assertTrue(ourBytes <= 1.02 * theirBytes, ourBytes + " bytes, theirs " + theirBytes);
  }

  // Measurements.

  @ParameterizedTest
  @MethodSource("sourceNames")
  void measurements_are_those_of_qemu(String source) {
    LayerFile top = sources.get(source).get(0);
    try (DiskImage disk = DiskImage.open(sources.get(source))) {
      for (int clusterSize : new int[] {512, 4 << 10, 64 << 10, 2 << 20}) {
        assertEquals(
            measuredByQemu(top, "-O", "qcow2", "-o", "cluster_size=" + clusterSize),
            ImageMeasurement.ofQcow2(disk, clusterSize),
            "clusters of " + clusterSize);
      }
      assertEquals(measuredByQemu(top, "-O", "raw"), ImageMeasurement.ofRaw(disk));
    }
  }

  @Test
  void the_measurement_of_an_image_with_bitmaps_is_that_of_qemu() {
    List<LayerFile> chain = chain("cluster_size=64K", 1 << 30, List.of(), true);
    Path image = chain.get(0).path();
    Qemu.img("bitmap", "--add", "-g", "512", image, "one");
    Qemu.img("bitmap", "--add", image, "another with a longer name");

    try (DiskImage disk = DiskImage.open(chain)) {
      assertEquals(
          measuredByQemu(chain.get(0), "-O", "qcow2"), ImageMeasurement.ofQcow2(disk, 64 << 10));
    }
  }

  private static Measurement measuredByQemu(LayerFile image, String... options) {
    List<Object> arguments = new ArrayList<>(List.of("measure", "--output=json"));
    arguments.addAll(List.of("-f", image.format().label()));
    arguments.addAll(List.of(options));
    arguments.add(image.path());
    String json = Qemu.img(arguments.toArray());
    return new Measurement(
        field(json, "required").getAsLong(),
        field(json, "fully-allocated").getAsLong(),
        field(json, "bitmaps"));
  }

  private static OptionalLong field(String json, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\": (\\d+)").matcher(json);
    return matcher.find()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }
}
