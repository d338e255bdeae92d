package io.basedisk.benchmarks;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A work directory, and the type of its file system. */
record Place(Path directory, String fileSystem) {

  static Place of(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path real = directory.toRealPath();
    return new Place(real, Files.getFileStore(real).type());
  }

  /** {@return whether files in this directory can share blocks} */
  boolean hasReflinks() throws IOException {
    Path one = directory.resolve("reflink-probe");
    Path other = directory.resolve("reflink-probe-2");
    Files.writeString(one, "x");
    try {
      return Command.of("cp", "--reflink=always", one.toString(), other.toString()).succeeds();
    } finally {
      Files.deleteIfExists(one);
      Files.deleteIfExists(other);
    }
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  /** {@return a new, empty directory} */
  Path fresh(String name) throws IOException {
    Path path = file(name);
    remove(path);
    return Files.createDirectories(path);
  }

  static void remove(Path path) throws IOException {
    if (Files.exists(path)) {
      MoreFiles.deleteRecursively(path, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  /** Syncs the file system. */
  void settle() throws IOException, InterruptedException {
    Command.of("sync", "-f", directory.toString()).run();
  }

  /** Makes a file durable that another program wrote. */
  static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }
}
