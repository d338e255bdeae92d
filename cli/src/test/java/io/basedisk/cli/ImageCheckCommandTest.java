package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code image check}: what it says, how it exits, and what it does not mend. */
class ImageCheckCommandTest {

  /** The offset of the refcounts in a new image. */
  private static final long REFCOUNT_BLOCK = 2 << 16;

  @TempDir private Path temporary;
  private Path directory;
  private Cli cli;

  @BeforeEach
  void use_a_home_in_the_directory() throws Exception {
    directory = temporary.toRealPath();
    cli = new Cli(directory.resolve("home"));
  }

  @Test
  void a_sound_image_has_no_findings() {
    Path image = image();

    Cli.Result result = cli.run("image", "check", image.toString());

    assertEquals(0, result.code(), result.err());
    assertTrue(result.out().contains("nothing is wrong"), result.out());
    assertFalse(Files.exists(directory.resolve("home")));
  }

  @Test
  void the_fields_are_those_of_qemu() throws Exception {
    Map<String, Object> document = cli.json("image", "check", image().toString());

    assertEquals("qcow2", document.get("format"));
    assertEquals(0, document.get("check-errors"));
    assertEquals(160, document.get("total-clusters"));
    assertEquals(4 << 16, document.get("image-end-offset"));
    assertFalse(document.containsKey("corruptions"));
  }

  @Test
  void an_image_with_findings_exits_with_7() throws Exception {
    Cli.Result result = cli.run("--json", "image", "check", leaking().toString());

    assertEquals(7, result.code());
    assertTrue(result.out().contains("\"leaks\":1"), result.out());
  }

  @Test
  void leaks_that_are_mended_are_told() throws Exception {
    Path image = leaking();

    Map<String, Object> document =
        cli.json("image", "check", image.toString(), "--repair", "leaks");

    assertEquals(1, document.get("leaks-fixed"));
    assertEquals(0, cli.run("image", "check", image.toString()).code());
  }

  @Test
  void a_disk_of_a_box_is_checked_and_not_mended() throws Exception {
    cli.run("box", "create", "web", "--size", "10M");
    Path disk = directory.resolve("home/boxes/web/disks/disk.qcow2");
    byte[] before = Files.readAllBytes(disk);

    assertEquals(0, cli.run("image", "check", disk.toString()).code());
    assertEquals(3, cli.run("image", "check", disk.toString(), "--repair", "all").code());
    assertArrayEquals(before, Files.readAllBytes(disk));
  }

  @Test
  void what_is_not_there_is_not_found() {
    String nothing = directory.resolve("nothing").toString();

    assertEquals(4, cli.run("image", "check", nothing).code());
    assertEquals(4, cli.run("image", "check", nothing, "--repair", "all").code());
  }

  @Test
  void what_is_to_be_mended_is_leaks_or_all() {
    assertEquals(2, cli.run("image", "check", image().toString(), "--repair", "some").code());
  }

  @Test
  void how_far_it_is_is_shown_on_a_terminal() throws Exception {
    String image = leaking().toString();

    assertTrue(cli.onTerminal("image", "check", image).contains("100%"));
    assertTrue(cli.onTerminal("image", "check", image, "--repair", "all").contains("100%"));
  }

  private Path image() {
    Path image = directory.resolve("i.qcow2");
    cli.json("image", "create", image.toString(), "10M");
    return image;
  }

  private Path leaking() throws Exception {
    Path image = image();
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(8 << 16);
      file.seek(REFCOUNT_BLOCK + 2 * 6);
      file.writeShort(1);
    }
    return image;
  }
}
