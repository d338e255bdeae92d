package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import io.basedisk.app.HomeListing;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.qcow2.os.ScratchMount;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each error has its exit code and a one-line reason, and changes nothing. */
class ErrorsTest {

  @TempDir private Path directory;
  private Path home;
  private Cli cli;

  /**
   * Makes a home with a box {@code web-1}, its snapshot {@code clean} and a clone {@code web-2}.
   */
  @BeforeEach
  void make_a_home() throws IOException {
    home = directory.toRealPath().resolve("home");
    cli = new Cli(home);
    cli.json("box", "create", "web-1", "--size", "1M");
    cli.json("snapshot", "create", "web-1", "clean");
    cli.json("clone", "web-1@clean", "web-2");
  }

  @Test
  void what_an_interrupt_ended_is_1() {
    assertEquals(
        ExitCode.FAILED, ExitCode.of(new InterruptedOperationException("it was interrupted")));
  }

  @Test
  void what_is_not_there_is_4() {
    assertRefused(4, "box", "show", "nope");
    assertRefused(4, "box", "rm", "nope");
    assertRefused(4, "snapshot", "create", "nope", "s");
    assertRefused(4, "snapshot", "create", "nope", "s", "--mode", "copy");
    assertRefused(4, "snapshot", "ls", "nope");
    assertRefused(4, "snapshot", "restore", "nope", "s");
    assertRefused(4, "snapshot", "restore", "web-1", "nope");
    assertRefused(4, "snapshot", "restore", "web-1", "nope", "--save-as", "s");
    assertRefused(4, "snapshot", "rm", "nope", "s");
    assertRefused(4, "snapshot", "rm", "web-1", "nope");
    assertRefused(4, "clone", "nope", "b");
    assertRefused(4, "clone", "web-1@nope", "b");
    assertRefused(4, "base", "create", "nope", "--kind", "snapshot");
    assertRefused(4, "base", "show", "00000000");
    assertRefused(4, "base", "rm", "00000000");
    assertRefused(4, "tree", "nope");
    assertRefused(4, "image", "info", home.resolve("nope").toString());
    assertRefused(4, "image", "create", home.resolve("no/such/directory").toString(), "1M");
    assertRefused(4, "demo", home.resolve("nope").toString());
  }

  @Test
  void what_exists_already_is_6() throws IOException {
    Path image = Files.createFile(directory.resolve("image.qcow2"));

    assertRefused(6, "box", "create", "web-1", "--size", "1M");
    assertRefused(6, "snapshot", "create", "web-1", "clean");
    assertRefused(6, "snapshot", "create", "web-1", "clean", "--mode", "copy");
    assertRefused(6, "snapshot", "restore", "web-1", "clean", "--save-as", "clean");
    assertRefused(6, "clone", "web-1@clean", "b", "web-2");
    assertRefused(6, "image", "create", image.toString(), "1M");
    assertEquals(0, Files.size(image));
  }

  @Test
  void a_box_that_has_snapshots_is_not_removed() {
    assertRefused(3, "box", "rm", "web-1");
    assertTrue(cli.run("box", "rm", "web-1").err().contains("clean"));
  }

  @Test
  void a_base_that_is_needed_is_not_removed() {
    assertRefused(3, "base", "rm", baseId());
  }

  @Test
  void a_disk_with_a_second_name_is_not_forked() throws IOException {
    Files.createLink(directory.resolve("second-name"), disk("web-2"));

    assertRefused(3, "snapshot", "create", "web-2", "s");
  }

  // Odd disks.

  @Test
  void a_disk_that_is_no_qcow2_image_is_5() throws IOException {
    Files.writeString(disk("web-2"), "This is no image, but a sentence that is long enough.\n");

    assertDiskRefused();
  }

  @Test
  void a_disk_that_is_truncated_is_5() throws IOException {
    try (FileChannel channel = FileChannel.open(disk("web-2"), StandardOpenOption.WRITE)) {
      channel.truncate(100);
    }

    assertDiskRefused();
  }

  @Test
  void a_disk_that_ends_before_its_tables_is_5() throws IOException {
    try (FileChannel channel = FileChannel.open(disk("web-2"), StandardOpenOption.WRITE)) {
      channel.truncate(70_000);
    }

    assertDiskRefused();
  }

  @Test
  void a_disk_whose_base_is_missing_is_4() throws IOException {
    Path base = home.resolve("bases/" + baseId() + ".qcow2");
    Files.move(base, directory.resolve("away"));

    assertRefused(4, "snapshot", "create", "web-2", "s");
    assertRefused(4, "clone", "web-2", "b");
    assertRefused(4, "base", "create", "web-2", "--kind", "clone_base");
  }

  @Test
  void a_box_whose_disk_is_missing_is_4() throws IOException {
    Files.delete(disk("web-2"));

    assertRefused(4, "snapshot", "create", "web-2", "s");
    assertRefused(4, "clone", "web-2", "b");
  }

  @Test
  void a_box_with_a_broken_disk_is_still_listed() throws IOException {
    Files.writeString(disk("web-2"), "no image");

    Map<String, Object> box = cli.json("box", "show", "web-2");

    assertEquals("web-2", box.get("box"));
    assertFalse(box.containsKey("virtual_size"));
    assertFalse(box.containsKey("depth"));
    assertEquals(2, cli.jsonList("box", "ls").size());
  }

  private void assertDiskRefused() {
    assertRefused(5, "snapshot", "create", "web-2", "s");
    assertRefused(5, "clone", "web-2", "b");
    assertRefused(5, "base", "create", "web-2", "--kind", "clone_base");
    assertRefused(
        5,
        "image",
        "create",
        directory.resolve("new.qcow2").toString(),
        "1M",
        "-b",
        disk("web-2").toString(),
        "-F",
        "qcow2");
    assertFalse(Files.exists(directory.resolve("new.qcow2")));
  }

  // Unusable homes.

  @Test
  void a_home_that_is_a_file_is_1() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "content");

    Cli.Result result = new Cli(file).run("box", "ls");

    assertEquals(1, result.code());
    assertTrue(result.err().contains("is not a directory"), result.err());
    assertEquals("content", Files.readString(file));
  }

  @Test
  void a_home_below_a_file_is_1() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "content");

    assertEquals(1, new Cli(file.resolve("home")).run("box", "ls").code());
  }

  @Test
  void a_home_whose_bases_are_not_mounted_is_1() throws IOException {
    Files.move(home.resolve("bases"), directory.resolve("bases"));

    Cli.Result result = cli.run("gc");

    assertEquals(1, result.code());
    assertFalse(Files.exists(home.resolve("bases")));
  }

  @Test
  void a_home_that_can_not_be_made_leaves_nothing() throws IOException {
    try (ScratchMount mount = ScratchMount.ofMemory(directory, 1024)) {
      ScratchMount.run("mount", "-o", "remount,ro", mount.directory().toString());

      Cli.Result result = new Cli(mount.directory().resolve("a/home")).run("home", "init");

      assertEquals(1, result.code());
      assertTrue(result.err().contains(mount.directory().toString()), result.err());
      assertEquals(1, HomeListing.of(mount.directory()).size(), "the directory itself");
    }
  }

  @Test
  void a_read_only_home_is_3() throws IOException {
    try (ScratchMount mount = ScratchMount.ofMemory(directory, 4096)) {
      home = mount.directory().resolve("home");
      cli = new Cli(home);
      cli.json("box", "create", "web-1", "--size", "1M");
      cli.json("snapshot", "create", "web-1", "clean");
      ScratchMount.run("mount", "-o", "remount,ro", mount.directory().toString());

      assertRefused(3, "box", "create", "b", "--size", "1M");
      assertRefused(3, "snapshot", "create", "web-1", "s");
      assertRefused(3, "clone", "web-1", "b");
      assertRefused(3, "box", "rm", "web-1");
      assertRefused(3, "snapshot", "restore", "web-1", "clean");
      assertRefused(3, "snapshot", "rm", "web-1", "clean");
    }
  }

  @Test
  void a_full_disk_is_1() throws IOException {
    try (ScratchMount mount = ScratchMount.ofMemory(directory, 4096)) {
      home = mount.directory().resolve("home");
      cli = new Cli(home);
      cli.json("box", "create", "web-1", "--size", "1M");
      cli.json("snapshot", "create", "web-1", "clean");
      Path filler = mount.directory().resolve("filler");
      fill(filler);

      String image = Files.write(directory.resolve("image"), random(1 << 20)).toString();
      assertRefused(1, "box", "create", "b", "--size", "1M");
      assertRefused(1, "box", "create", "b", "--image", image, "--format", "raw");
      assertRefused(1, "rootfs", "add", "k", image, "--format", "raw");
      assertRefused(1, "snapshot", "create", "web-1", "s");
      assertRefused(1, "snapshot", "restore", "web-1", "clean");
      assertRefused(1, "clone", "web-1", "b", "c");

      Files.delete(filler);
      cli.json("snapshot", "create", "web-1", "s");
      cli.json("clone", "web-1", "b", "c");
    }
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static void fill(Path file) {
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] block = new byte[4096];
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      // As it should be.
    }
  }

  // The text of errors.

  @Test
  void an_error_is_one_line_that_says_what_failed_and_why() {
    assertEquals(
        "basedisk: box create: box web-1 exists already",
        cli.run("box", "create", "web-1", "--size", "1M").errors().get(0));
  }

  @Test
  void the_next_step_is_a_second_line() {
    assertEquals(
        "basedisk: hint: see 'basedisk box show --help'", cli.run("box", "show").errors().get(1));
  }

  @Test
  void an_output_file_that_can_not_be_made_is_1_and_says_why() {
    Path file = home.resolve("t".repeat(250));
    Cli.Result result = cli.run("tree", "--format", "html", "-o", file.toString());

    assertEquals(1, result.code());
    assertEquals(
        List.of("basedisk: tree: cannot write to " + file + ": File name too long"),
        result.errors());
  }

  @Test
  void under_json_an_error_is_a_document_too() throws IOException {
    Cli.Result result = cli.run("--json", "box", "show", "nope");

    assertEquals("", result.out());
    assertEquals(
        Map.of(
            "error",
            Map.of(
                "code",
                4,
                "message",
                "box show: no box nope",
                "hint",
                "'basedisk box ls' lists the boxes")),
        JSON.std.mapFrom(result.err()));
  }

  @Test
  void under_json_the_next_step_is_a_part_of_the_document() throws IOException {
    Path missing = directory.resolve("missing");

    Cli.Result result = new Cli(missing).run("--json", "box", "ls");

    assertEquals(1, result.errors().size(), result.err());
    Map<?, ?> error = (Map<?, ?>) JSON.std.mapFrom(result.err()).get("error");
    assertEquals(4, error.get("code"));
    assertEquals("box ls: no home here: " + missing + " does not exist", error.get("message"));
    assertTrue(error.get("hint").toString().contains("basedisk home init"), result.err());
  }

  @Test
  void under_json_an_error_is_alone_and_a_note_comes_with_a_result() throws IOException {
    try (ScratchMount mount = ScratchMount.ofMemory(directory, 4096)) {
      Path disks = Files.createDirectory(mount.directory().resolve("disks"));
      Files.copy(disk("web-1"), disks.resolve("disk.qcow2"));
      String[] fork = {
        "--json",
        "base",
        "create",
        "w",
        "--kind",
        "snapshot",
        "--name",
        "s",
        "--disks-dir",
        disks.toString()
      };

      Cli.Result copied = cli.run(fork);
      copied.object();
      assertTrue(copied.err().startsWith("basedisk: note: "), copied.err());

      Cli.Result again = cli.run(fork);
      assertEquals(6, again.code(), again.err());
      assertEquals(1, JSON.std.mapFrom(again.err()).size());
    }
  }

  @Test
  void wrong_usage_under_json_is_a_document_too() throws IOException {
    Cli.Result result = cli.run("box", "create", "../x", "--size", "1M", "--json");

    Map<String, Object> document = JSON.std.mapFrom(result.err());
    Map<?, ?> error = (Map<?, ?>) document.get("error");
    assertEquals(2, error.get("code"));
    assertEquals("see 'basedisk box create --help'", error.get("hint"));
  }

  @Test
  void a_stack_trace_needs_debug() {
    assertFalse(cli.run("box", "show", "nope").err().contains("\tat "));
    assertTrue(cli.run("--debug", "box", "show", "nope").err().contains("\tat io.basedisk"));
  }

  @Test
  void output_that_is_not_taken_is_1() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left on device");
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    int code =
        new Program(new Console(full, err, Map.of())).run("--home", home.toString(), "box", "ls");

    assertEquals(1, code);
  }

  private void assertRefused(int code, String... args) {
    Map<String, String> before = HomeListing.of(home);
    Object records = code == 1 ? "unknown, since the home may be unreadable" : records();

    Cli.Result result = cli.run(args);

    result.assertError(code);
    assertEquals(before, HomeListing.of(home));
    if (code != 1) {
      assertEquals(records, records());
    }
  }

  private Object records() {
    return List.of(cli.jsonList("box", "ls"), cli.jsonList("base", "ls"));
  }

  private String baseId() {
    return (String) ((Map<?, ?>) cli.jsonList("base", "ls").get(0)).get("id");
  }

  private Path disk(String box) {
    return home.resolve("boxes/" + box + "/disks/disk.qcow2");
  }
}
