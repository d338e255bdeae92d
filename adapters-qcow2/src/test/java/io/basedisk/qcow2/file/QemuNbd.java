package io.basedisk.qcow2.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A QEMU process that serves a disk, and so has the disk and its backing files open, until this is
 * closed.
 */
final class QemuNbd implements AutoCloseable {

  private final Process process;
  private final Path output;

  private QemuNbd(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Serves a disk for writing. Returns once QEMU serves it, or has ended. */
  static QemuNbd writing(Path scratch, Path disk) throws Exception {
    return start(scratch, ImmutableList.of("--format", "qcow2", disk.toString()));
  }

  /** Serves a disk read-only. */
  static QemuNbd reading(Path scratch, Path disk) throws Exception {
    return start(scratch, ImmutableList.of("--read-only", "--format", "qcow2", disk.toString()));
  }

  /** Serves a disk for writing without the image locks of its file. */
  static QemuNbd writingWithoutLocks(Path scratch, Path disk) throws Exception {
    return start(
        scratch,
        ImmutableList.of(
            "--image-opts",
            "driver=qcow2,file.driver=file,file.locking=off,file.filename=" + disk));
  }

  private static QemuNbd start(Path scratch, ImmutableList<String> disk) throws Exception {
    Path directory = Files.createTempDirectory(scratch, "qemu");
    Path socket = directory.resolve("socket");
    Path output = directory.resolve("output");
    ImmutableList<String> command =
        ImmutableList.<String>builder()
            .add("qemu-nbd", "--persistent", "--socket", socket.toString())
            .addAll(disk)
            .build();
    QemuNbd started =
        new QemuNbd(
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start(),
            output);
    while (started.runs() && !answers(socket)) {
      Thread.sleep(1);
    }
    return started;
  }

  /** Returns whether QEMU greets a client, which means that it has opened and locked the disk. */
  private static boolean answers(Path socket) {
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return client.read(ByteBuffer.allocate(1)) == 1;
    } catch (IOException e) {
      return false;
    }
  }

  boolean runs() {
    return process.isAlive();
  }

  /** Waits for QEMU to end with an error, and returns its output. */
  String failure() throws Exception {
    assertTrue(process.waitFor() != 0, "it succeeded");
    return Files.readString(output, UTF_8);
  }

  /** Returns its name in a message. */
  String name() {
    return "process " + process.pid() + " (qemu-nbd)";
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
