package io.basedisk.oci.blob;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory for the temporary files of one operation, which only this user can enter. */
public final class PrivateDirectory implements AutoCloseable {

  private final Path path;
  private boolean isClosed;

  private PrivateDirectory(Path path) {
    this.path = path;
  }

  /**
   * {@return a new directory}
   *
   * @param parent the directory to create it in
   */
  public static PrivateDirectory in(Path parent) {
    try {
      return new PrivateDirectory(Files.createTempDirectory(parent, "basedisk-"));
    } catch (IOException e) {
      throw FileFailures.of("cannot create a temporary directory in", parent, e);
    }
  }

  /**
   * {@return the path of a file in the directory}
   *
   * @param name its name
   */
  public Path resolve(String name) {
    return path.resolve(name);
  }

  /**
   * {@return the path of a new file with some bytes}
   *
   * @param name its name
   * @param content its bytes
   */
  public Path write(String name, byte[] content) {
    Path file = resolve(name);
    try {
      return Files.write(file, content);
    } catch (IOException e) {
      throw FileFailures.of("cannot write", file, e);
    }
  }

  /**
   * Deletes a file.
   *
   * @param file its path
   */
  public void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw FileFailures.of("cannot delete", file, e);
    }
  }

  /** Deletes the directory and the files in it. A second call has no effect. */
  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
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
