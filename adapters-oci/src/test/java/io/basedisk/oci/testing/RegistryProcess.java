package io.basedisk.oci.testing;

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
public final class RegistryProcess implements AutoCloseable {

  /** Name of the program. */
  public static final String PROGRAM = "docker-registry";

  private static final Pattern LISTENING = Pattern.compile("listening on (127\\.0\\.0\\.1:\\d+)");

  /** A request in the access log: the method and the URI, then the status of the answer. */
  private static final Pattern REQUEST = Pattern.compile("\"(\\w+ \\S+) HTTP/1\\.1\" (\\d+) ");

  private final Process process;
  private final String host;

  /** The requests that were answered, guarded by itself. */
  private final List<String> requests = new ArrayList<>();

  private RegistryProcess(Process process, String host) {
    this.process = process;
    this.host = host;
  }

  /** Skips the test if a program is not installed. */
  public static void assumeInstalled(String program) {
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
  public static RegistryProcess start(Path directory, String... settings) throws IOException {
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
        RegistryProcess registry = new RegistryProcess(process, listening.group(1));
        Thread reader = new Thread(() -> log.lines().forEach(registry::read), "registry-log");
        reader.setDaemon(true);
        reader.start();
        return registry;
      }
    }
    return fail("the registry did not start:\n" + read);
  }

  /** Returns the host and the port. */
  public String host() {
    return host;
  }

  private void read(String line) {
    Matcher request = REQUEST.matcher(line);
    if (request.find()) {
      synchronized (requests) {
        requests.add(request.group(1) + " " + request.group(2));
        requests.notifyAll();
      }
    }
  }

  /** Returns the requests that the log has, such as {@code HEAD /v2/web/blobs/sha256:... 200}. */
  public List<String> requests(Pattern wanted) {
    synchronized (requests) {
      return requests.stream().filter(line -> wanted.matcher(line).find()).toList();
    }
  }

  /**
   * Waits until the log has a number of requests, and returns those that it has. An answer may
   * arrive before its line in the log.
   */
  public List<String> awaitRequests(Pattern wanted, int count) throws InterruptedException {
    synchronized (requests) {
      while (requests(wanted).size() < count) {
        requests.wait();
      }
      return requests(wanted);
    }
  }

  /** Runs skopeo, which must succeed, and returns its output. */
  public static byte[] skopeo(String... arguments) throws IOException, InterruptedException {
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
