package io.basedisk.oci.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Debian's {@code docker-registry}, on a free port of a loopback address. */
final class RegistryProcess implements AutoCloseable {

  static final String PROGRAM = "docker-registry";

  private static final Pattern LISTENING = Pattern.compile("listening on (127\\.0\\.0\\.1:\\d+)");

  private final Process process;
  private final String host;

  private RegistryProcess(Process process, String host) {
    this.process = process;
    this.host = host;
  }

  /** Skips the test if a program is not installed. */
  static void assumeInstalled(String program) {
    assumeTrue(
        Splitter.on(':')
            .splitToStream(System.getenv().getOrDefault("PATH", ""))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, program))),
        program + " is not installed");
  }

  /**
   * Starts a registry that keeps its blobs in a directory.
   *
   * @param directory an empty directory
   * @param settings more lines of its configuration file
   */
  static RegistryProcess start(Path directory, String... settings) throws IOException {
    Path config = directory.resolve("config.yml");
    String lines =
        "version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: "
            + directory.resolve("blobs")
            + "\nhttp:\n  addr: 127.0.0.1:0\n";
    Files.writeString(config, lines + String.join("\n", settings) + "\n");
    Process process =
        new ProcessBuilder(PROGRAM, "serve", config.toString()).redirectErrorStream(true).start();
    BufferedReader log = process.inputReader(UTF_8);
    StringBuilder read = new StringBuilder();
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      read.append(line).append('\n');
      Matcher listening = LISTENING.matcher(line);
      if (listening.find()) {
        Thread reader = new Thread(() -> log.lines().forEach(ignored -> {}), "registry-log");
        reader.setDaemon(true);
        reader.start();
        return new RegistryProcess(process, listening.group(1));
      }
    }
    return fail("the registry did not start:\n" + read);
  }

  String host() {
    return host;
  }

  /** Runs skopeo, which must succeed, and returns its output. */
  static byte[] skopeo(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("skopeo", "--insecure-policy"));
    command.addAll(List.of(arguments));
    Path errors = Files.createTempFile("skopeo", ".err");
    try {
      Process skopeo = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      byte[] output = skopeo.getInputStream().readAllBytes();
      if (skopeo.waitFor() != 0) {
        fail(command + "\n" + Files.readString(errors));
      }
      return output;
    } finally {
      Files.delete(errors);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
