package io.basedisk.oci.artifact;

import io.basedisk.oci.blob.FileFailures;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory for the temporary files of one operation, which only this user can enter. */
final class PrivateDirectory implements AutoCloseable {

  private final Path path;

  private PrivateDirectory(Path path) {
    this.path = path;
  }

  static PrivateDirectory in(Path parent) {
    try {
      return new PrivateDirectory(Files.createTempDirectory(parent, "basedisk-"));
    } catch (IOException e) {
      throw FileFailures.of("cannot create a temporary directory in", parent, e);
    }
  }

  Path resolve(String name) {
    return path.resolve(name);
  }

  /** Writes a small file. */
  Path write(String name, byte[] content) {
    Path file = resolve(name);
    try {
      return Files.write(file, content);
    } catch (IOException e) {
      throw FileFailures.of("cannot write", file, e);
    }
  }

  void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw FileFailures.of("cannot delete", file, e);
    }
  }

  /** Deletes the directory and the files in it. */
  @Override
  public void close() {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(path);
    } catch (IOException e) {
      throw FileFailures.of("cannot delete", path, e);
    }
  }
}
