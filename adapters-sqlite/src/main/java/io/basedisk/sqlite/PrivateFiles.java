package io.basedisk.sqlite;

import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import com.google.common.collect.Sets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * Files that only their owner may read and write, whatever the umask. SQLite gives the files that
 * it makes beside a database the mode of that database.
 *
 * <p>Nothing here fails: where a file can't be made or changed, SQLite says why it can't be used.
 */
final class PrivateFiles {

  private static final Set<PosixFilePermission> PRIVATE = Set.of(OWNER_READ, OWNER_WRITE);

  private PrivateFiles() {}

  /**
   * Makes an empty private file, or makes an existing file private.
   *
   * <p>The file gets its name only when it is closed: to close a file drops the locks that the
   * process has on it, and another thread may have opened it as soon as it has that name.
   */
  static void create(Path file) {
    if (!Files.exists(file)) {
      Path unnamed = file.resolveSibling(file.getFileName() + "-new-" + UUID.randomUUID());
      try {
        Files.createFile(unnamed, PosixFilePermissions.asFileAttribute(PRIVATE));
        Files.setPosixFilePermissions(unnamed, PRIVATE);
        Files.createLink(file, unnamed);
      } catch (IOException | UnsupportedOperationException e) {
        // Another thread or process was first, or SQLite fails or makes it.
      } finally {
        deleteQuietly(unnamed);
      }
    }
    narrow(file);
  }

  /** Takes what others than its owner may do with a file, if it exists and this user may. */
  static void narrow(Path file) {
    try {
      Set<PosixFilePermission> permissions =
          Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && !PRIVATE.containsAll(permissions)) {
        Files.setPosixFilePermissions(file, Sets.intersection(permissions, PRIVATE));
      }
    } catch (IOException | UnsupportedOperationException e) {
      // It is not there, is another user's, or the file system has no modes.
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // An empty file stays.
    }
  }
}
