package io.basedisk.qcow2.os;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A file system for one test. Without root on Linux, the test is skipped. */
public final class ScratchMount implements AutoCloseable {

  private final Path directory;
  private int smallFiles;

  private ScratchMount(Path directory) {
    this.directory = directory;
  }

  /** Mounts a file system in memory, limited to a number of KiB. */
  public static ScratchMount ofMemory(Path parent, int kibibytes) throws IOException {
    return mount(parent, "in-memory", "-t", "tmpfs", "-o", "size=" + kibibytes + "k", "tmpfs");
  }

  /**
   * Mounts an image as a file system.
   *
   * @param image path of the image file, which is sparse
   * @param mebibytes size of the file system
   * @param mkfs command that creates the file system, without the image
   */
  public static ScratchMount ofImage(Path parent, Path image, int mebibytes, String... mkfs)
      throws IOException {
    run("truncate", "-s", mebibytes + "M", image.toString());
    String[] make = Arrays.copyOf(mkfs, mkfs.length + 1);
    make[mkfs.length] = image.toString();
    run(make);
    return mount(parent, "on-image", "-o", "loop", image.toString());
  }

  private static ScratchMount mount(Path parent, String name, String... what) throws IOException {
    Path directory = Files.createDirectory(parent.resolve(name));
    String[] command = new String[what.length + 2];
    command[0] = "mount";
    System.arraycopy(what, 0, command, 1, what.length);
    command[command.length - 1] = directory.toString();
    run(command);
    return new ScratchMount(directory);
  }

  public Path directory() {
    return directory;
  }

  /** Fills the file system to its last byte, including space freed since the last call. */
  public void fill() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(filler().toFile(), "rw")) {
      byte[] block = new byte[1 << 20];
      for (int length = block.length; length > 0; length /= 2) {
        appendUntilFull(file, block, length);
      }
      file.getFD().sync();
    }
    while (canMakeSmallFile()) {
      smallFiles++;
    }
  }

  private static void appendUntilFull(RandomAccessFile file, byte[] block, int length)
      throws IOException {
    file.seek(file.length());
    try {
      while (true) {
        file.write(block, 0, length);
      }
    } catch (IOException full) {
      // Less space than that is left.
    }
  }

  private boolean canMakeSmallFile() {
    try {
      Files.write(directory.resolve("small-" + smallFiles), new byte[1]);
      return true;
    } catch (IOException full) {
      return false;
    }
  }

  /** Frees most of the space that {@link #fill} took. */
  public void free() throws IOException {
    Files.delete(filler());
    run("sync", "-f", directory.toString());
  }

  private Path filler() {
    return directory.resolve("filler");
  }

  /** Makes the file system read-only. */
  public void makeReadOnly() throws IOException {
    run("mount", "-o", "remount,ro", directory.toString());
  }

  @Override
  public void close() throws IOException {
    run("umount", directory.toString());
  }

  /** Runs a command to its end. If it is missing or fails, the test is skipped. */
  public static void run(String... command) throws IOException {
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      assumeTrue(false, () -> command[0] + " is not there");
      return;
    }
    try {
      assumeTrue(process.waitFor() == 0, () -> "no success with " + List.of(command));
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
