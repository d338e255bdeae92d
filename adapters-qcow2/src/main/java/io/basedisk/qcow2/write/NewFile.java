package io.basedisk.qcow2.write;

import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.FileFailure;
import io.basedisk.domain.error.StorageException;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A file that is written under a temporary name, and gets its own, beside that, when it is complete
 * and durable. Whoever looks at that name finds nothing or all of it, after a power cut too.
 *
 * <p>Or it is written under its own name, where that is a temporary one of the caller's.
 */
final class NewFile implements AutoCloseable {

  private final Path target;
  private final ImageFile file;
  private final OperatingSystem system;
  private boolean published;

  private NewFile(Path target, ImageFile file, OperatingSystem system) {
    this.target = target;
    this.file = file;
    this.system = system;
  }

  /**
   * Makes the temporary file.
   *
   * @throws AlreadyExistsException if {@code target} exists
   * @throws StorageException if it can't be made
   */
  static NewFile create(Path target, OperatingSystem system) {
    Path absolute = withRealDirectory(target.toAbsolutePath());
    requireNew(absolute);
    Path temporary =
        absolute.resolveSibling("." + absolute.getFileName() + "." + System.nanoTime() + ".tmp");
    return new NewFile(absolute, ImageFile.create(temporary, system), system);
  }

  /**
   * Makes a file that has its name from the start, and which the caller makes durable.
   *
   * @throws AlreadyExistsException if {@code target} exists
   * @throws StorageException if it can't be made
   */
  static NewFile createInPlace(Path target, OperatingSystem system) {
    Path absolute = target.toAbsolutePath();
    return new NewFile(absolute, ImageFile.create(absolute, system), system);
  }

  /** Returns the name that it is to have. */
  Path target() {
    return target;
  }

  ImageFile file() {
    return file;
  }

  /** Makes the file durable and gives it its name, unless it has that already. */
  void publish() {
    if (file.path().equals(target)) {
      file.close();
      published = true;
      return;
    }
    file.force();
    file.close();
    try {
      rename();
      published = true;
      // With the dot, it is the directory even where its name is a symbolic link.
      system.sync(target.resolveSibling("."));
    } catch (FileAlreadyExistsException e) {
      throw ImageFile.alreadyThere(target, e);
    } catch (IOException e) {
      throw FileFailure.of(target + ": " + e.getMessage(), e);
    }
  }

  private void rename() throws IOException {
    if (!system.renameToNew(file.path(), target)) {
      // The best that there is here: one that comes between these two steps is replaced.
      requireNew(target);
      system.rename(file.path(), target);
    }
  }

  /** Returns the path without links on the way: the user who named it may have used some. */
  private static Path withRealDirectory(Path target) {
    Path directory = target.getParent();
    Path name = target.getFileName();
    try {
      return directory == null || name == null ? target : directory.toRealPath().resolve(name);
    } catch (IOException e) {
      return target; // To make a file there fails, and says why.
    }
  }

  private static void requireNew(Path target) {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw ImageFile.alreadyThere(target, null);
    }
  }

  /** Removes what there is of the file, unless it was published. */
  @Override
  public void close() {
    file.close();
    if (!published) {
      try {
        system.remove(file.path());
      } catch (IOException e) {
        throw new StorageException(file.path() + ": is left over: " + e.getMessage(), e);
      }
    }
  }
}
