package io.basedisk.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A {@code qemu-io} process that has an image open like a VM, and runs the commands of the test.
 */
final class QemuProcess implements AutoCloseable {

  private static final String PROMPT = "qemu-io> ";

  private final Process process;
  private final Reader output;
  private boolean ready;

  private QemuProcess(List<String> command) {
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
      output = process.inputReader(UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Opens a disk for writing, with QEMU's locks. */
  static QemuProcess writing(Path disk) {
    return started("qemu-io", "-f", "qcow2", disk.toString());
  }

  /** Opens a disk and its backing files for reading. */
  static QemuProcess reading(Path disk) {
    return started("qemu-io", "-r", "-f", "qcow2", disk.toString());
  }

  /** Opens a disk for writing, without locks. */
  static QemuProcess writingWithoutLocks(Path disk) {
    return started(
        "qemu-io",
        "--image-opts",
        "driver=qcow2,file.driver=file,file.locking=off,file.filename=" + disk);
  }

  /** Opens a disk for writing, and locks it only before the first write. */
  static QemuProcess writingWithLateLocks(Path disk) {
    assumeInstalled("strace");
    QemuProcess qemu =
        new QemuProcess(
            ImmutableList.of(
                "strace",
                "-f",
                "-o",
                "/dev/null",
                "-e",
                "trace=fcntl",
                "-e",
                "inject=fcntl:delay_enter=100000",
                "qemu-io",
                "-f",
                "qcow2",
                disk.toString()));
    while (qemu.process.descendants().noneMatch(child -> writes(child.pid(), disk))) {
      assertTrue(qemu.process.isAlive(), "qemu-io never opened the disk");
    }
    return qemu;
  }

  /** Skips a test if a tool is missing, or fails it if all tools must be installed. */
  static void assumeInstalled(String tool) {
    boolean installed =
        Splitter.on(':')
            .splitToStream(System.getenv().getOrDefault("PATH", ""))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
    if (!installed && System.getenv("BASEDISK_REQUIRE_ORACLE") != null) {
      fail(tool + " is not installed");
    }
    assumeTrue(installed, () -> tool + " is not installed");
  }

  private static QemuProcess started(String... command) {
    assumeInstalled("qemu-io");
    QemuProcess qemu = new QemuProcess(List.of(command));
    qemu.awaitPrompt();
    qemu.ready = true;
    return qemu;
  }

  private String awaitPrompt() {
    StringBuilder said = new StringBuilder();
    try {
      while (said.indexOf(PROMPT) < 0) {
        int c = output.read();
        if (c < 0) {
          return fail("qemu-io has ended: " + said);
        }
        said.append((char) c);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return said.toString();
  }

  /** Writes {@code pattern} to 4 KiB at {@code offset}, and makes it durable. */
  void write(int pattern, long offset) {
    if (!ready) {
      awaitPrompt();
      ready = true;
    }
    String said = run("write -P " + pattern + " " + offset + " 4096") + run("flush");
    assertTrue(said.contains("wrote 4096/4096"), said);
  }

  private String run(String command) {
    try {
      process.getOutputStream().write((command + "\n").getBytes(UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return awaitPrompt();
  }

  /** Returns whether the process has the file open for writing. */
  private static boolean writes(long pid, Path file) {
    Path descriptors = Path.of("/proc", Long.toString(pid), "fd");
    try (Stream<Path> open = Files.list(descriptors)) {
      return open.anyMatch(descriptor -> isOpenForWriting(pid, descriptor, file));
    } catch (IOException ended) {
      return false;
    }
  }

  private static boolean isOpenForWriting(long pid, Path descriptor, Path file) {
    try {
      if (!Files.readSymbolicLink(descriptor).equals(file)) {
        return false;
      }
      Path info =
          Path.of("/proc", Long.toString(pid), "fdinfo", descriptor.getFileName().toString());
      return Files.readAllLines(info).stream()
          .filter(line -> line.startsWith("flags:"))
          .anyMatch(line -> (Integer.parseInt(line.substring(6).strip(), 8) & 3) == 2);
    } catch (IOException closed) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      process.waitFor();
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
