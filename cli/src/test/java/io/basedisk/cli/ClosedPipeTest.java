package io.basedisk.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A reader that closes the pipe ends the program quietly, with 141. */
class ClosedPipeTest {

  @TempDir private Path directory;

  private static final class BrokenPipe extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("Broken pipe");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "box ls",
        "--json box ls",
        "tree --format html",
        "log --follow",
        "--json log --follow web-1",
        "--help",
        "help box create",
        "image read IMAGE 0 8 --format raw"
      })
  void a_closed_pipe_is_no_error(String command) throws IOException {
    Cli cli = new Cli(directory.resolve("home"));
    Path image = Files.write(directory.resolve("image.raw"), new byte[512]);
    cli.json("box", "create", "web-1", "--size", "1M");
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    int code =
        new Program(
                new Console(new BrokenPipe(), err, Map.of("BASEDISK_HOME", cli.home().toString())))
            .run(command.replace("IMAGE", image.toString()).split(" "));

    assertEquals(141, code);
    assertEquals("", err.toString(UTF_8));
  }

  @Test
  void a_process_whose_reader_is_gone_ends_with_141() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--help")
            .start();
    process.getInputStream().close();

    assertEquals("", new String(process.getErrorStream().readAllBytes(), UTF_8));
    assertEquals(141, process.waitFor());
  }
}
