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

/** QEMU's own tools: what they say of an image is right. Tests that use them are tagged oracle. */
public final class Qemu {

  private Qemu() {}

  /** Skips the test where the tools are not installed. */
  public static void assumeInstalled() {
    assumeTrue(
        Splitter.on(':')
            .splitToStream(System.getenv().getOrDefault("PATH", ""))
            .anyMatch(
                directory ->
                    Files.isExecutable(Path.of(directory, "qemu-img"))
                        && Files.isExecutable(Path.of(directory, "qemu-io"))),
        "qemu-img and qemu-io are not installed");
  }

  /** Runs {@code qemu-img} and returns its output. */
  public static String img(Object... arguments) {
    return run("qemu-img", arguments);
  }

  /** Runs the commands in one {@code qemu-io} on a qcow2 image. */
  public static void io(Path image, List<String> commands) {
    List<Object> arguments = new ArrayList<>(List.of("-f", "qcow2"));
    for (String command : commands) {
      arguments.add("-c");
      arguments.add(command);
    }
    arguments.add(image);
    String output = run("qemu-io", arguments.toArray());
    if (output.contains("failed")) {
      fail("qemu-io " + arguments + "\n" + output);
    }
  }

  /** Returns what the disk reads as, by {@code qemu-img convert}. */
  public static byte[] read(Path image) {
    Path raw = image.resolveSibling(image.getFileName() + ".converted");
    try {
      img("convert", "-f", "qcow2", "-O", "raw", image, raw);
      return Files.readAllBytes(raw);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      raw.toFile().delete();
    }
  }

  /** Fails unless {@code qemu-img check} finds neither errors nor leaks. */
  public static void check(Path image) {
    img("check", "-q", "-f", "qcow2", image);
  }

  /** Returns what {@code qemu-img compare} says of two qcow2 images, the same or not. */
  public static String compare(Path one, Path other) {
    return run(List.of(0, 1), "qemu-img", "compare", "-f", "qcow2", "-F", "qcow2", one, other);
  }

  private static String run(String tool, Object... arguments) {
    return run(List.of(0), tool, arguments);
  }

  private static String run(List<Integer> expected, String tool, Object... arguments) {
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
