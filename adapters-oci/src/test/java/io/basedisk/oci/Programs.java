package io.basedisk.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.fail;

import io.basedisk.oci.artifact.Contents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Other programs, and disks of theirs. */
public final class Programs {

  private Programs() {}

  /** Runs a program, which must succeed. */
  public static void run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (process.waitFor() != 0) {
        fail(List.of(command) + "\n" + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns an image that qemu-img made: 8 MiB with data at its start and in its middle. */
  public static Path qcow2(Path directory) throws IOException {
    byte[] content = Arrays.copyOf(Contents.bytes(700_000, 21), 8 << 20);
    System.arraycopy(Contents.bytes(300_000, 22), 0, content, 5 << 20, 300_000);
    Path raw = Files.write(directory.resolve("disk.raw"), content);
    Path image = directory.resolve("made.qcow2");
    run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw.toString(), image.toString());
    return image;
  }

  /** Checks with qemu-img that two qcow2 images have the same content. */
  public static void assertSameContent(Path one, Path two) {
    run("qemu-img", "compare", "-f", "qcow2", "-F", "qcow2", one.toString(), two.toString());
  }
}
