package io.basedisk.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Another program, run as a process. */
record Command(ImmutableList<String> words, Map<String, String> environment, String input) {

  static Command of(String... words) {
    return new Command(ImmutableList.copyOf(words), Map.of(), "");
  }

  static Command of(List<String> words) {
    return new Command(ImmutableList.copyOf(words), Map.of(), "");
  }

  Command with(String variable, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(variable, value);
    return new Command(words, more, input);
  }

  /** {@return this command with a text on its standard input} */
  Command reading(String text) {
    return new Command(words, environment, text);
  }

  /** Runs the program to its end, and returns its output. */
  String run() throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    try (var stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      throw new IOException(String.join(" ", words) + " ended with " + code + ": " + output);
    }
    return output;
  }

  boolean succeeds() throws IOException {
    try {
      run();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (IOException e) {
      return false;
    }
  }

  /** Runs the program to its end, and returns the time in seconds. */
  double time() throws IOException, InterruptedException {
    long start = System.nanoTime();
    run();
    return seconds(start);
  }

  static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
