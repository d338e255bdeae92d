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
 * Creates files that only their owner may read and write, whatever the umask. SQLite gives the
 * files that it creates beside a database the mode of that database.
 *
 * <p>These methods never fail. If a file can't be created or changed, SQLite reports the error
 * later, when it opens the file.
 */
final class PrivateFiles {

  private static final Set<PosixFilePermission> PRIVATE = Set.of(OWNER_READ, OWNER_WRITE);

  private PrivateFiles() {}

  /**
   * Creates an empty private file, or makes an existing file private.
   *
   * <p>The file gets its name only after it is closed. As soon as it has the name, another thread
   * may open it; closing it then would drop the locks of this process.
   */
  static void create(Path file) {
    if (!Files.exists(file)) {
      Path unnamed = file.resolveSibling(file.getFileName() + "-new-" + UUID.randomUUID());
      try {
        Files.createFile(unnamed, PosixFilePermissions.asFileAttribute(PRIVATE));
        Files.setPosixFilePermissions(unnamed, PRIVATE);
        Files.createLink(file, unnamed);
      } catch (IOException | UnsupportedOperationException e) {
        // Another thread or process created it first, or SQLite will create it or report the error.
      } finally {
        deleteQuietly(unnamed);
      }
    }
    narrow(file);
  }

  /** Removes all permissions of group and others, if the file exists and this user may. */
  static void narrow(Path file) {
    try {
      Set<PosixFilePermission> permissions =
          Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && !PRIVATE.containsAll(permissions)) {
        Files.setPosixFilePermissions(file, Sets.intersection(permissions, PRIVATE));
      }
    } catch (IOException | UnsupportedOperationException e) {
      // The file does not exist, belongs to another user, or the file system has no modes.
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The empty temporary file stays.
    }
  }
}
