package io.basedisk.domain.disk;

import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;

/**
 * Checks whether the users who can write to an image may read another file. A user must not be able
 * to read a forbidden file by naming it as the backing file of an image. Thread-safe.
 *
 * <p>Only the permission bits of the file and of the directories above it count. An access control
 * list is taken to permit nothing.
 */
public final class Readers {

  private static final int ROOT = 0;
  private static final int NONE = -1;
  private static final int READ = 04;
  private static final int SEARCH = 01;
  private static final int GROUP_WRITES = 0020;
  private static final int OTHERS_WRITE = 0002;

  private final DiskFiles files;

  /**
   * Creates the check.
   *
   * @param files the files
   */
  @Inject
  public Readers(DiskFiles files) {
    this.files = files;
  }

  /**
   * {@return whether every user who can write to an image can read a file}
   *
   * @param image status of the image
   * @param file real path of the file
   */
  public boolean mayRead(FileStatus image, Path file) {
    boolean owner = image.owner() == ROOT || canRead(image.owner(), image.group(), file);
    boolean group = (image.mode() & GROUP_WRITES) == 0 || canRead(NONE, image.group(), file);
    boolean others = (image.mode() & OTHERS_WRITE) == 0 || canRead(NONE, NONE, file);
    return owner && group && others;
  }

  private boolean canRead(int user, int group, Path file) {
    if (!permits(READ, user, group, file)) {
      return false;
    }
    for (Path above = file.getParent(); above != null; above = above.getParent()) {
      if (!permits(SEARCH, user, group, above)) {
        return false;
      }
    }
    return true;
  }

  private boolean permits(int bit, int user, int group, Path path) {
    Optional<FileStatus> status = files.status(path);
    if (status.isEmpty()) {
      return false;
    }
    FileStatus file = status.get();
    int shift = file.owner() == user ? 6 : file.group() == group ? 3 : 0;
    return (file.mode() >> shift & bit) != 0;
  }
}
