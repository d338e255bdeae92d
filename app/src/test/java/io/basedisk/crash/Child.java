package io.basedisk.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.VerifyException;
import java.io.BufferedReader;
import java.io.IOException;

/** A process of {@link RandomOperations}. */
final class Child implements AutoCloseable {

  private final Process process;
  private final BufferedReader output;
  private boolean hasOpened;
  private boolean works;

  Child(Process process) {
    this.process = process;
    this.output = process.inputReader(UTF_8);
  }

  /** Lets the process open the home and work, as soon as it has loaded its classes. */
  void go() throws IOException {
    say('g');
  }

  /** Waits until the process has loaded its classes. */
  void awaitReady() throws IOException {
    expect(RandomOperations.READY);
  }

  /** Waits until the process has opened and recovered the home and done its first step. */
  void awaitWork() throws IOException {
    while (!works) {
      hear();
    }
  }

  /** Returns whether the process has opened the home. */
  boolean hasOpened() throws IOException {
    hearAll();
    return hasOpened;
  }

  /** Returns whether the process has done its first step. */
  boolean works() throws IOException {
    hearAll();
    return works;
  }

  /** Tells the process to stop, and waits for its end. */
  void end() throws IOException, InterruptedException {
    awaitWork();
    say('o');
    expect(RandomOperations.ENDED);
    process.waitFor();
  }

  /** Kills the process with SIGKILL, and waits for its end. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  private void say(char c) throws IOException {
    process.getOutputStream().write(c);
    process.getOutputStream().flush();
  }

  private void hearAll() throws IOException {
    while (!works && output.ready()) {
      hear();
    }
  }

  private void hear() throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new VerifyException("a process has ended before it worked");
    }
    hasOpened |= line.equals(RandomOperations.OPENED);
    works |= line.equals(RandomOperations.WORKS);
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
