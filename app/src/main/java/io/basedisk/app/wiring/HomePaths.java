package io.basedisk.app.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.sqlite.SqliteBaseDiskStore;
import java.nio.file.Path;

/** Limits of the lengths of a home's paths. */
final class HomePaths {

  /** Limit of a path in bytes: PATH_MAX without the terminating zero. */
  private static final int MAX_PATH_BYTES = 4095;

  /** Limit of a file name in bytes: NAME_MAX. */
  private static final int MAX_NAME_BYTES = 255;

  private static final BaseDiskId ANY_BASE = new BaseDiskId("0".repeat(BaseDiskId.LENGTH));

  private HomePaths() {}

  /** {@return the path of the standard store's database} */
  static Path database(HomeLayout home) {
    return home.db().resolve("basedisk.db");
  }

  /**
   * Checks that a path is short enough for a system call.
   *
   * @throws InvalidArgumentException if the path, or a name in it, is too long
   */
  static void requireAskable(Path home) {
    require(home, bytes(home), MAX_PATH_BYTES, "the system takes");
    for (Path name : home) {
      if (bytes(name) > MAX_NAME_BYTES) {
        throw new InvalidArgumentException(
            "cannot use the home "
                + home
                + ": a name in its path has "
                + bytes(name)
                + " bytes; the system takes at most "
                + MAX_NAME_BYTES);
      }
    }
  }

  /**
   * Checks that every base can be the backing file of an overlay, and that the standard store can
   * be opened.
   *
   * @param home the home, by its present or future real path
   * @param hasDatabase whether the store is the standard one
   * @throws InvalidArgumentException if the path is too long
   */
  static void requireUsable(HomeLayout home, boolean hasDatabase) {
    int length = bytes(home.home());
    int base = bytes(home.baseFile(ANY_BASE)) - length;
    require(home.home(), length, BackingFile.MAX_NAME_BYTES - base, "a qcow2 header has room for");
    if (hasDatabase) {
      int database = bytes(database(home)) - length;
      require(
          home.home(), length, SqliteBaseDiskStore.MAX_PATH_BYTES - database, "SQLite can open");
    }
  }

  private static void require(Path home, int length, int most, String why) {
    if (length > most) {
      throw new InvalidArgumentException(
          "cannot use the home "
              + home
              + ": its path has "
              + length
              + " bytes; "
              + why
              + " at most "
              + most);
    }
  }

  private static int bytes(Path path) {
    return path.toString().getBytes(UTF_8).length;
  }
}
