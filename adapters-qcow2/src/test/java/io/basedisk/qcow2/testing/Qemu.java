package io.basedisk.qcow2.testing;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** QEMU's own tools, as the reference for tests with the tag {@code oracle}. */
public final class Qemu {

  private Qemu() {}

  /** Skips the test if the tools are not installed. */
  public static void assumeInstalled() {
    Tool.assumeInstalled("qemu-img", "qemu-io");
  }

  /** Runs {@code qemu-img} and returns its output. */
  public static String img(Object... arguments) {
    return Tool.run("qemu-img", arguments);
  }

  /** Runs the commands in one {@code qemu-io} on a qcow2 image. */
  public static void io(Path image, List<String> commands) {
    List<Object> arguments = new ArrayList<>(List.of("-f", "qcow2"));
    for (String command : commands) {
      arguments.add("-c");
      arguments.add(command);
    }
    arguments.add(image);
    String output = Tool.run("qemu-io", arguments.toArray());
    if (output.contains("failed")) {
      fail("qemu-io " + arguments + "\n" + output);
    }
  }

  /** Returns the content of the disk, as {@code qemu-img convert} reads it. */
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

  /** Returns the output of {@code qemu-img compare} for two qcow2 images, equal or not. */
  public static String compare(Path one, Path other) {
    return Tool.run(List.of(0, 1), "qemu-img", "compare", "-f", "qcow2", "-F", "qcow2", one, other);
  }
}
