package io.basedisk.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small file system in a file, mounted in a directory. Needs root. */
record LoopMount(Path directory) implements AutoCloseable {

  /** The file systems to test, with their sizes. */
  enum Kind {
    EXT4("mkfs.ext4", 32L << 20),
    XFS("mkfs.xfs", 310L << 20);

    private final String tool;
    private final long size;

    Kind(String tool, long size) {
      this.tool = tool;
      this.size = size;
    }
  }

  /** Creates and mounts a file system. Skips the test if this is not possible. */
  static LoopMount make(Path scratch, Kind kind) throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root mounts file systems");
    assumeTrue(Files.isExecutable(Path.of("/usr/sbin", kind.tool)), kind.tool + " is not there");
    Path image = scratch.resolve("image");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(kind.size);
    }
    run("/usr/sbin/" + kind.tool, "-q", image.toString());
    Path directory = Files.createDirectory(scratch.resolve("mount"));
    run("mount", "-o", "loop", image.toString(), directory.toString());
    return new LoopMount(directory);
  }

  /** Fills the file system to the last byte. */
  void fill() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(filler().toFile(), "rw")) {
      byte[] block = new byte[1 << 20];
      for (int length = block.length; length > 0; length /= 2) {
        writeUntilFull(file, block, length);
      }
    }
    // Uses up the remaining inodes and small extents.
    for (int i = 0; canWrite(directory.resolve("small-" + i)); i++) {}
  }

  private static void writeUntilFull(RandomAccessFile file, byte[] block, int length)
      throws IOException {
    file.seek(file.length());
    try {
      while (true) {
        file.write(block, 0, length);
      }
    } catch (IOException e) {
      // No blocks of this length are left.
    }
  }

  private static boolean canWrite(Path file) {
    try {
      Files.write(file, new byte[1]);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Removes the large files of {@link #fill}, but not the small ones. */
  void free() throws IOException {
    Files.delete(filler());
  }

  private Path filler() {
    return directory.resolve("filler");
  }

  /** Makes the file system read-only. */
  void makeReadOnly() {
    run("mount", "-o", "remount,ro", directory.toString());
  }

  @Override
  public void close() {
    run("umount", directory.toString());
  }

  /** Runs a program, and fails if the program does. */
  static void run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), String.join(" ", command) + "\n" + output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
