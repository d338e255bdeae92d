package io.basedisk.qcow2.os;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A block device for one test: a file as a disk. Without root on Linux, the test is skipped. */
public final class LoopDevice implements AutoCloseable {

  private final Path path;

  private LoopDevice(Path path) {
    this.path = path;
  }

  /** Makes a device with the content of a file, whose length is a multiple of 512. */
  public static LoopDevice of(Path file) {
    Tool.assumeInstalled("losetup");
    String output =
        Tool.run(List.of(0, 1, 32), "losetup", "--partscan", "--find", "--show", file).strip();
    assumeTrue(output.startsWith("/dev/") && !output.contains(" "), () -> output);
    return new LoopDevice(Path.of(output));
  }

  /** Makes a device with the given content. */
  public static LoopDevice of(Path file, byte[] content) throws IOException {
    return of(Files.write(file, content));
  }

  public Path path() {
    return path;
  }

  /** Returns the whole content. */
  public byte[] content() throws IOException {
    try (InputStream stream = Files.newInputStream(path)) {
      return stream.readAllBytes();
    }
  }

  @Override
  public void close() {
    Tool.run("losetup", "--detach", path);
  }
}
