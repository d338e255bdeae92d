package io.basedisk.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.InvalidArgumentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits of the length of a database's path. */
class LongPathTest {

  @TempDir private Path temporary;
  private Path directory;

  @BeforeEach
  void resolve_the_directory() throws IOException {
    directory = temporary.toRealPath();
  }

  @Test
  void a_database_at_the_limit_is_opened() throws IOException {
    Path file = file(SqliteBaseDiskStore.MAX_PATH_BYTES);

    try (SqliteBaseDiskStore store = SqliteBaseDiskStore.open(file)) {
      assertEquals(List.of(), store.read(view -> view.boxes().list()));
    }
  }

  @Test
  void a_longer_path_is_refused_and_nothing_is_made() throws IOException {
    Path file = file(SqliteBaseDiskStore.MAX_PATH_BYTES + 1);

    assertRefused(file);
    Path link = Files.createSymbolicLink(directory.resolve("link"), file.resolveSibling(""));
    assertRefused(link.resolve(file.getFileName()));

    try (Stream<Path> files = Files.list(file.resolveSibling(""))) {
      assertEquals(0, files.count());
    }
  }

  private static void assertRefused(Path file) {
    InvalidArgumentException refusal =
        assertThrows(InvalidArgumentException.class, () -> SqliteBaseDiskStore.open(file));
    assertTrue(refusal.getMessage().contains(" bytes"), refusal.getMessage());
  }

  /** Returns a file whose path has {@code length} bytes, in a directory that exists. */
  private Path file(int length) throws IOException {
    Path path = directory;
    int left = length - path.toString().length();
    while (left > 0) {
      int name = left > 201 ? 100 : left - 1;
      path = path.resolve("d".repeat(name));
      left -= name + 1;
    }
    Files.createDirectories(path.resolveSibling(""));
    return path;
  }
}
