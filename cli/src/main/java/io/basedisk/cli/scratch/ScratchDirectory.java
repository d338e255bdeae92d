package io.basedisk.cli.scratch;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.basedisk.domain.error.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A temporary directory that is removed with its content, also if the user interrupts the program.
 */
public final class ScratchDirectory implements AutoCloseable {

  private final Path path;
  private final Thread removal = new Thread(this::removeQuietly);

  private ScratchDirectory(Path path) {
    this.path = path;
  }

  /**
   * Creates a directory that only its owner can enter.
   *
   * @param parent the directory to create it in
   * @return the directory, for the caller to close
   * @throws StorageException if the directory can't be created
   */
  public static ScratchDirectory in(Path parent) {
    try {
      Path path = Files.createTempDirectory(parent, "basedisk-").toRealPath();
      ScratchDirectory scratch = new ScratchDirectory(path);
      Runtime.getRuntime().addShutdownHook(scratch.removal);
      return scratch;
    } catch (IOException e) {
      throw new StorageException(
          "cannot create a directory in " + parent + ": " + e.getMessage(), e);
    }
  }

  /** {@return the path of the directory} */
  public Path path() {
    return path;
  }

  @Override
  public void close() {
    try {
      remove();
      Runtime.getRuntime().removeShutdownHook(removal);
    } catch (IOException e) {
      throw new StorageException("cannot remove " + path + ": " + e.getMessage(), e);
    } catch (IllegalStateException e) {
      // The program is ending, and the hook runs.
      return;
    }
  }

  private void remove() throws IOException {
    if (Files.exists(path)) {
      // Safe: no other user can put a link into the directory.
      MoreFiles.deleteRecursively(path, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private void removeQuietly() {
    try {
      remove();
    } catch (IOException e) {
      // The program is ending, so no caller can receive the error.
      return;
    }
  }
}
