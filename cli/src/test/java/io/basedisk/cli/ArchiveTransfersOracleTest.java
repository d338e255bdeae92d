package io.basedisk.cli;

import static io.basedisk.cli.BoxDisks.assertHealthy;
import static io.basedisk.cli.BoxDisks.assertSame;
import static io.basedisk.cli.BoxDisks.disk;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.qcow2.testing.Qemu;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Boxes travel in archives between processes, and QEMU compares their disks. */
@Tag("oracle")
class ArchiveTransfersOracleTest {

  private static final int EXPORTS = 5;

  @TempDir private Path temporary;
  private Path directory;
  private Cli source;

  @BeforeAll
  static void assumeQemu() {
    Qemu.assumeInstalled();
  }

  @BeforeEach
  void make_a_box() throws IOException {
    directory = temporary.toRealPath();
    source = BoxDisks.makeGolden(directory.resolve("source"));
  }

  @Test
  void a_pipe_leads_from_one_home_to_another() throws Exception {
    Cli target = new Cli(directory.resolve("a home with a much longer path than the first"));
    Path errors = directory.resolve("errors");

    List<Process> pipeline =
        ProcessBuilder.startPipeline(
            List.of(
                JavaProcess.ofProgram(source, "export golden -")
                    .redirectError(Redirect.appendTo(errors.toFile())),
                JavaProcess.ofProgram(target, "import - web")
                    .redirectOutput(directory.resolve("out").toFile())
                    .redirectError(Redirect.appendTo(errors.toFile()))));

    for (Process process : pipeline) {
      assertEquals(0, process.waitFor(), () -> readQuietly(errors));
    }
    assertSame(disk(source, "golden"), disk(target, "web"));
    assertEquals(1, target.jsonList("snapshot", "ls", "web").size());
    assertHealthy(target);
  }

  private static String readQuietly(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void the_same_box_gives_the_same_bytes() throws IOException {
    Path one = directory.resolve("one.tar");
    Path two = directory.resolve("two.tar");
    source.json("export", "golden", one.toString());
    source.json("export", "golden", two.toString());

    assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(two));
  }

  @Test
  void an_export_is_whole_while_another_process_clones_and_removes() throws Exception {
    Path expected = directory.resolve("expected.tar");
    source.json("export", "golden@clean", expected.toString());
    Process cloning =
        JavaProcess.of(CloningProcess.class.getName(), source.home().toString(), "golden", "clean")
            .redirectError(directory.resolve("errors").toFile())
            .start();
    try (BufferedReader rounds = cloning.inputReader(UTF_8)) {
      for (int i = 0; i < EXPORTS; i++) {
        // A round of clones and removals has ended, and the next is under way.
        assertEquals("round", rounds.readLine(), () -> readQuietly(directory.resolve("errors")));
        Path archive = directory.resolve(i + ".tar");
        source.json("--wait", "600", "export", "golden@clean", archive.toString());
        assertArrayEquals(Files.readAllBytes(expected), Files.readAllBytes(archive));
        Path present = directory.resolve(i + "-now.tar");
        source.json("--wait", "600", "export", "golden", present.toString());
        new Cli(directory.resolve("target")).json("import", present.toString(), "web-" + i);
      }
      cloning.getOutputStream().write('\n');
      cloning.getOutputStream().close();
      assertTrue(rounds.lines().allMatch("round"::equals));
    }
    assertEquals(0, cloning.waitFor(), () -> readQuietly(directory.resolve("errors")));
    Cli target = new Cli(directory.resolve("target"));
    for (int i = 0; i < EXPORTS; i++) {
      assertSame(disk(source, "golden"), disk(target, "web-" + i));
    }
    assertHealthy(target);
    assertHealthy(source);
  }
}
