package io.basedisk.qcow2.write;

import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.FileFailure;
import io.basedisk.domain.error.StorageException;
import io.basedisk.qcow2.image.ImageFailure;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A file that is written under a temporary name, and renamed to its target when it is complete and
 * durable. A reader of the target's name finds no file or the complete file, also after a power
 * cut.
 *
 * <p>With {@link #createInPlace}, the file has its final name from the start: the caller's own
 * temporary name.
 */
final class NewFile implements Destination {

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
   * Creates the temporary file.
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
   * Creates a file under its final name. The caller makes it durable.
   *
   * @throws AlreadyExistsException if {@code target} exists
   * @throws StorageException if it can't be made
   */
  static NewFile createInPlace(Path target, OperatingSystem system) {
    Path absolute = target.toAbsolutePath();
    return new NewFile(absolute, ImageFile.create(absolute, system), system);
  }

  @Override
  public Path target() {
    return target;
  }

  @Override
  public ImageFile file() {
    return file;
  }

  /** Has no effect: before the last write, the file has a temporary name or no valid header. */
  @Override
  public void settle() {}

  /**
   * Makes the file durable and renames it to its target. A file created in place is only closed.
   */
  @Override
  public void publish() {
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
      // The dot resolves a directory's name that is a symbolic link.
      system.sync(target.resolveSibling("."));
    } catch (FileAlreadyExistsException e) {
      throw ImageFailure.alreadyThere(target, e);
    } catch (IOException e) {
      throw FileFailure.of(target + ": " + e.getMessage(), e);
    }
  }

  private void rename() throws IOException {
    if (!system.renameToNew(file.path(), target)) {
      // Not atomic: a file that appears between these two steps is replaced.
      requireNew(target);
      system.rename(file.path(), target);
    }
  }

  /**
   * {@return the path with symbolic links in its directory resolved} Links in a path that the user
   * gave are allowed.
   */
  private static Path withRealDirectory(Path target) {
    Path directory = target.getParent();
    Path name = target.getFileName();
    try {
      return directory == null || name == null ? target : directory.toRealPath().resolve(name);
    } catch (IOException e) {
      return target; // Creating the file fails, with the reason.
    }
  }

  private static void requireNew(Path target) {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw ImageFailure.alreadyThere(target, null);
    }
  }

  /** Deletes the file unless it was published. */
  @Override
  public void close() {
    file.close();
    if (!published) {
      try {
        system.remove(file.path());
      } catch (IOException e) {
        throw new StorageException(file.path() + ": can't be removed: " + e.getMessage(), e);
      }
    }
  }
}
