package io.basedisk.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.VerifyException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A process of {@link RandomOperations}. */
final class Child implements AutoCloseable {

  private static final int END_SECONDS = 120;

  private final Process process;
  private final BufferedReader output;

  private Child(Process process) {
    this.process = process;
    this.output = process.inputReader(UTF_8);
  }

  /** Starts a process that loads its classes and then waits for {@link #go}. */
  static Child start(Path home, Path logs, String name, int threads, long seed) {
    try {
      return new Child(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-Xshare:auto",
                  "-Xmx128m",
                  "-Djava.io.tmpdir=" + logs,
                  "-cp",
                  System.getProperty("java.class.path"),
                  RandomOperations.class.getName(),
                  home.toString(),
                  logs.toString(),
                  name,
                  Integer.toString(threads),
                  Long.toString(seed))
              .redirectError(logs.resolve(name + ".stderr").toFile())
              .start());
    } catch (IOException e) {
      throw new VerifyException(e);
    }
  }

  /** Waits until it is ready, and lets it run. */
  void go() throws IOException {
    expect(RandomOperations.READY);
    process.getOutputStream().write('g');
    process.getOutputStream().flush();
  }

  /** Lets it run as soon as it is ready, without waiting for that. */
  void goWhenReady() throws IOException {
    process.getOutputStream().write('g');
    process.getOutputStream().flush();
  }

  /** Returns whether one that was let go with {@link #goWhenReady} runs by now. */
  boolean isRunning() throws IOException {
    return output.ready();
  }

  /** Lets one that was let go with {@link #goWhenReady} end its steps, and waits for that. */
  void end() throws IOException, InterruptedException {
    expect(RandomOperations.READY);
    process.getOutputStream().write('o');
    process.getOutputStream().flush();
    expect(RandomOperations.ENDED);
    if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
      throw new VerifyException("a process does not end");
    }
  }

  /** Kills it with SIGKILL, and returns once it is dead. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  private void expect(String line) throws IOException {
    String read = output.readLine();
    if (!line.equals(read)) {
      throw new VerifyException("a process said \"" + read + "\" instead of \"" + line + "\"");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
