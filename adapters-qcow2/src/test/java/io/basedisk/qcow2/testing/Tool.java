package io.basedisk.qcow2.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs other programs. */
public final class Tool {

  private Tool() {}

  /** Skips the test if a program is not installed. */
  public static void assumeInstalled(String... tools) {
    for (String tool : tools) {
      assumeTrue(
          Splitter.on(':')
              .splitToStream(System.getenv().getOrDefault("PATH", ""))
              .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool))),
          tool + " is not installed");
    }
  }

  /** Runs a program that must succeed, and returns its output and errors. */
  public static String run(String tool, Object... arguments) {
    return run(List.of(0), tool, arguments);
  }

  /**
   * Runs a program that may end with one of several exit codes, and returns its output and errors.
   */
  public static String run(List<Integer> expected, String tool, Object... arguments) {
    List<String> command = new ArrayList<>(List.of(tool));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exit = process.waitFor();
      if (!expected.contains(exit)) {
        fail(command + " exited with " + exit + "\n" + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
