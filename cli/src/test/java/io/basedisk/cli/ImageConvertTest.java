package io.basedisk.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.qcow2.check.RefcountCheck;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code image convert} and {@code image measure}. */
class ImageConvertTest {

  @TempDir private Path temporary;
  private Path directory;
  private Cli cli;
  private byte[] content;
  private String raw;
  private String image;

  @BeforeEach
  void make_a_raw_image() throws IOException {
    directory = temporary.toRealPath();
    cli = new Cli(directory.resolve("home"));
    content = new byte[1 << 20];
    Arrays.fill(content, 100_000, 300_000, (byte) 7);
    raw = Files.write(directory.resolve("disk.raw"), content).toString();
    image = directory.resolve("disk.qcow2").toString();
  }

  private Map<String, Object> convert(String... more) {
    return cli.json(command(more));
  }

  private String[] command(String... more) {
    return Stream.concat(
            Stream.of("image", "convert", raw, image, "--format", "raw"), Stream.of(more))
        .toArray(String[]::new);
  }

  @Test
  void a_raw_image_becomes_qcow2_and_raw_again() throws IOException {
    convert();
    String again = directory.resolve("again.raw").toString();

    cli.json("image", "convert", image, again, "-O", "raw");

    assertArrayEquals(content, Files.readAllBytes(Path.of(again)));
  }

  @Test
  void the_result_is_what_info_says_of_it() {
    assertEquals(convert(), cli.json("image", "info", image));
  }

  @Test
  void the_result_of_a_raw_image_is_its_size_and_format() {
    image = directory.resolve("copy.raw").toString();

    Map<String, Object> result = convert("-O", "raw");

    assertEquals("raw", result.get("format"));
    assertEquals(1 << 20, result.get("virtual-size"));
  }

  @SuppressWarnings("unchecked")
  @Test
  void compression_and_cluster_size_are_as_asked_for() {
    Map<String, Object> result = convert("-c", "zstd", "--level", "9", "--cluster-size", "128K");

    Map<String, Object> specific = (Map<String, Object>) result.get("format-specific");
    assertEquals("zstd", ((Map<String, Object>) specific.get("data")).get("compression-type"));
    assertEquals(128 << 10, result.get("cluster-size"));
    assertEquals(3, RefcountCheck.check(Path.of(image)).compressedClusters());
  }

  @Test
  void an_existing_target_is_refused_and_stays() throws IOException {
    Files.writeString(Path.of(image), "precious");

    assertEquals(6, cli.run(command()).code());
    assertEquals("precious", Files.readString(Path.of(image)));
  }

  @Test
  void a_backing_file_has_to_be_allowed() {
    convert();
    String overlay = directory.resolve("overlay.qcow2").toString();
    String flat = directory.resolve("flat.qcow2").toString();
    cli.json("image", "create", overlay, "2M", "-b", image, "-F", "qcow2");

    assertEquals(5, cli.run("image", "convert", overlay, flat).code());
    assertFalse(Files.exists(Path.of(flat)));
    assertEquals(
        2 << 20,
        cli.json("image", "convert", overlay, flat, "--allow-backing", image).get("virtual-size"));
  }

  @Test
  void nothing_is_written_among_the_bases_of_the_home() throws IOException {
    cli.json("box", "create", "web-1", "--size", "1M");
    Path bases = cli.home().resolve("bases");
    image = bases.resolve("disk.qcow2").toString();

    assertEquals(3, cli.run(command()).code());
    try (Stream<Path> files = Files.list(bases)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void the_disk_of_a_box_is_refused_as_target() throws IOException {
    image = (String) cli.json("box", "create", "web-1", "--size", "1M").get("disk");
    byte[] before = Files.readAllBytes(Path.of(image));

    assertEquals(3, cli.run(command()).code());
    assertArrayEquals(before, Files.readAllBytes(Path.of(image)));
  }

  @Test
  void the_disk_of_a_box_can_be_converted_with_the_bases_below_it() {
    String disk = (String) cli.json("box", "create", "web-1", "--size", "1M").get("disk");
    cli.json("snapshot", "create", "web-1", "first");

    Map<String, Object> flat = cli.json("image", "convert", disk, image);

    assertFalse(flat.containsKey("backing-filename"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-c lzma",
        "-O vmdk",
        "--level 3",
        "-c zlib --level 10",
        "--cluster-size 3K",
        "--cluster-size 8G",
        "-O raw -c zlib",
        "-O raw --cluster-size 64K"
      })
  void wrong_usage_is_said_to_be_that_and_leaves_nothing(String options) {
    assertEquals(2, cli.run(command(options.split(" "))).code());
    assertFalse(Files.exists(Path.of(image)));
  }

  // Progress.

  private String errors(boolean isTerminal, String... options) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayOutputStream(),
            err,
            Map.of("BASEDISK_HOME", cli.home().toString()),
            isTerminal);
    assertEquals(0, new Program(console).run(command(options)));
    return err.toString(UTF_8);
  }

  @Test
  void progress_is_shown_on_a_terminal() {
    assertTrue(errors(true).contains("100%"));
  }

  @Test
  void no_progress_is_shown_on_what_is_no_terminal() {
    assertEquals("", errors(false));
  }

  @Test
  void no_progress_is_shown_to_whom_wants_quiet() {
    assertEquals("", errors(true, "--quiet"));
  }

  // Measurements.

  @Test
  void a_measurement_has_the_fields_of_qemu_img() {
    assertEquals(
        Map.of("required", 1 << 20, "fully-allocated", 1 << 20),
        cli.json("image", "measure", raw, "--format", "raw"));
    convert();
    assertEquals(
        Map.of("bitmaps", 0, "required", 589_824, "fully-allocated", 1_376_256),
        cli.json("image", "measure", image, "-O", "qcow2"));
  }

  @Test
  void a_measurement_has_the_text_of_qemu_img() {
    assertEquals(
        "required size: 1048576\nfully allocated size: 1048576\n",
        cli.run("image", "measure", raw, "--format", "raw").out());
  }
}
