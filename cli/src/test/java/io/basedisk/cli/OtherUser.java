package io.basedisk.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.io.ByteStreams;
import io.basedisk.qcow2.testing.Tool;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** Runs the program in a process of its own as a user without root's permissions. */
final class OtherUser {

  /** The id of the unprivileged user of every system. */
  static final String ID = "65534";

  private final Path classes;

  private OtherUser(Path classes) {
    this.classes = classes;
  }

  /** Prepares the classes in an empty directory. Skips the test if the caller is not root. */
  static OtherUser prepare(Path directory) {
    assumeTrue(System.getProperty("user.name").equals("root"), "not root");
    Tool.assumeInstalled("setpriv");
    // The user can read neither the directory of a build nor that of its libraries.
    Tool.run("chmod", "755", directory);
    int number = 0;
    for (String entry :
        Splitter.on(File.pathSeparatorChar).split(System.getProperty("java.class.path"))) {
      if (!entry.isEmpty() && Files.exists(Path.of(entry))) {
        Path name = Path.of(number + "-" + Path.of(entry).getFileName());
        Tool.run("cp", "-rL", entry, directory.resolve(name));
        number++;
      }
    }
    Tool.run("chmod", "-R", "a+rX", directory);
    return new OtherUser(directory);
  }

  /** Runs a command on a home. */
  Cli.Result run(Path home, String... args) throws IOException, InterruptedException {
    Path scratch = Files.createTempDirectory(classes, "scratch");
    Tool.run("chown", ID, scratch);
    Path err = scratch.resolve("err");
    Process process =
        new ProcessBuilder(
                ImmutableList.<String>builder()
                    .add("setpriv", "--reuid", ID, "--regid", ID, "--clear-groups")
                    .add(Path.of(System.getProperty("java.home"), "bin", "java").toString())
                    .add("-Djava.io.tmpdir=" + scratch, "-Duser.home=" + scratch)
                    .add("-cp", classPath(), Main.class.getName(), "--home", home.toString())
                    .add(args)
                    .build())
            .redirectError(err.toFile())
            .start();
    process.getOutputStream().close();
    String out = new String(ByteStreams.toByteArray(process.getInputStream()), UTF_8);
    return new Cli.Result(process.waitFor(), out, Files.readString(err));
  }

  private String classPath() throws IOException {
    try (var entries = Files.list(classes)) {
      return entries
          .filter(entry -> !entry.getFileName().toString().startsWith("scratch"))
          .map(Path::toString)
          .collect(Collectors.joining(File.pathSeparator));
    }
  }
}
