package io.basedisk.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Boxes are exported and imported through files and pipes. */
class TransferCommandsTest {

  @TempDir private Path temporary;
  private Path directory;
  private Path temporaries;

  /** What a command left on the standard streams. */
  private record Streams(int code, ByteArrayOutputStream bytes, String err) {

    byte[] out() {
      return bytes.toByteArray();
    }
  }

  @BeforeEach
  void make_a_box() throws IOException {
    directory = temporary.toRealPath();
    temporaries = Files.createDirectory(directory.resolve("temporaries"));
    run("box", "create", "web-1", "--size", "1M");
    run("snapshot", "create", "web-1", "clean");
  }

  private Streams run(ConsoleInput input, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Map<String, String> environment =
        Map.of(
            "BASEDISK_HOME",
            directory.resolve("home").toString(),
            "TMPDIR",
            temporaries.toString());
    Console console = new Console(out, err, environment, false, input, OutputScreen.NONE);
    int code = new Program(console).run(words);
    return new Streams(code, out, err.toString(UTF_8));
  }

  @CanIgnoreReturnValue
  private Streams run(String... words) {
    return run(ConsoleInput.NONE, words);
  }

  private static ConsoleInput pipe(byte[] bytes) {
    return new ConsoleInput(new ByteArrayInputStream(bytes), false);
  }

  private void assertNoTemporaries() throws IOException {
    try (Stream<Path> files = Files.list(temporaries)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void a_pipe_carries_the_archive_alone() throws IOException {
    run("export", "web-1@clean", directory.resolve("clean.tar").toString());

    Streams piped = run("export", "web-1@clean", "-");

    assertEquals(0, piped.code(), piped.err());
    assertArrayEquals(Files.readAllBytes(directory.resolve("clean.tar")), piped.out());
    assertTrue(piped.err().contains("reference: sha256:"), piped.err());
    assertEquals(0, run(pipe(piped.out()), "import", "-", "web-2").code());
    assertNoTemporaries();
  }

  @Test
  void the_result_of_an_export_to_a_pipe_is_alone_on_standard_error() throws IOException {
    Streams piped = run("--json", "export", "web-1", "-");

    assertTrue(JSON.std.mapFrom(piped.err()).get("reference").toString().startsWith("sha256:"));
    assertEquals("", run("--quiet", "export", "web-1", "-").err());
  }

  @Test
  void an_archive_from_a_pipe_has_the_limit_of_its_layers() throws IOException {
    byte[] archive = run("export", "web-1@clean", "-").out();

    Streams refused =
        run(
            pipe(archive),
            "import",
            "-",
            "web-2",
            "--max-bytes",
            String.valueOf(archive.length - 1));
    assertEquals(5, refused.code(), refused.err());
    assertNoTemporaries();

    assertEquals(
        0,
        run(pipe(archive), "import", "-", "web-2", "--max-bytes", String.valueOf(archive.length))
            .code());
  }

  @Test
  void what_a_user_types_is_no_archive() {
    ConsoleInput terminal = new ConsoleInput(new ByteArrayInputStream(new byte[0]), true);

    assertEquals(2, run(terminal, "import", "-", "web-2").code());
  }

  @Test
  void an_export_that_is_refused_changes_neither_the_box_nor_the_place() throws IOException {
    String before = new String(run("--json", "base", "ls").out(), UTF_8);

    assertEquals(2, run("push", "web-1", "oci:" + directory).code());
    assertEquals(4, run("push", "web-1", "oci:" + directory + "/missing/layout").code());
    assertEquals(4, run("export", "web-1", directory + "/missing/web-1.tar").code());
    assertEquals(3, run("export", "web-1", directory + "/home/bases/web-1.tar").code());
    assertEquals(3, run("push", "web-1", "oci:" + directory + "/home/bases/layout").code());
    assertEquals(4, run("push", "nothing", "oci:" + directory + "/layout").code());

    assertEquals(before, new String(run("--json", "base", "ls").out(), UTF_8));
    assertFalse(Files.exists(directory.resolve("layout")));
    assertFalse(Files.exists(directory.resolve("home/bases/web-1.tar")));
    assertNoTemporaries();
  }

  @Test
  void an_exported_state_is_pulled_by_its_digest_after_its_tag_has_moved() throws IOException {
    String layout = "oci:" + directory.resolve("layout");
    String first =
        JSON.std
            .mapFrom(run("--json", "push", "web-1@clean", layout).out())
            .get("reference")
            .toString();
    run("box", "create", "web-2", "--size", "2M");
    run("push", "web-2", layout);

    Map<String, Object> pulled = JSON.std.mapFrom(run("--json", "pull", first, "web-3").out());

    assertEquals(1 << 20, ((Map<?, ?>) pulled.get("box")).get("virtual_size"));
  }
}
