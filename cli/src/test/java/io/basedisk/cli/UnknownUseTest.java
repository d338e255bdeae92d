package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Commands that change single images of unknown use. The JVM finds no native library, so it can't
 * find out which processes have an image open.
 */
class UnknownUseTest {

  private static final String OPTION = "--unknown-use=trust-caller";

  @TempDir private Path directory;
  private Cli cli;
  private String image;

  @BeforeEach
  void make_an_image() throws IOException {
    Path real = directory.toRealPath();
    cli = new Cli(real.resolve("home"));
    image = real.resolve("disk.qcow2").toString();
    cli.json("image", "create", image, "1M");
  }

  @ParameterizedTest
  @ValueSource(strings = {"image check --repair leaks", "image rebase -b "})
  void without_a_home_the_option_decides(String command) throws Exception {
    assertEquals(3, runWithJavaAlone(command));
    assertEquals(0, runWithJavaAlone(OPTION + " " + command));
  }

  @ParameterizedTest
  @ValueSource(strings = {"image check --repair leaks", "image rebase -b "})
  void on_a_home_its_policy_decides(String command) throws Exception {
    cli.json("home", "init");
    assertEquals(3, runWithJavaAlone(command));

    assertEquals(0, cli.run(OPTION, "box", "ls").code());
    assertEquals(0, runWithJavaAlone(command));
  }

  /** Runs a command, its words parted by single spaces, on the image. */
  private int runWithJavaAlone(String command) throws IOException, InterruptedException {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djna.nosys=true",
                "-Djna.nounpack=true",
                "-Djna.boot.library.path=" + directory.resolve("nothing"),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--home",
                cli.home().toString()));
    words.addAll(List.of(command.split(" ", -1)));
    words.add(image);
    return new ProcessBuilder(words).inheritIO().start().waitFor();
  }
}
