package io.basedisk.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.common.collect.ImmutableSortedMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Only its owner can read a store, whatever the umask. */
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
class PrivateFilesTest {

  @TempDir private Path directory;

  @Test
  void every_file_of_an_open_store_is_private() throws IOException {
    try (SqliteBaseDiskStore store = SqliteBaseDiskStore.open(file())) {
      assertFalse(store.isReadOnly());
      assertEquals(
          ImmutableSortedMap.of(
              "basedisk.db", "rw-------",
              "basedisk.db-migration-lock", "rw-------",
              "basedisk.db-shm", "rw-------",
              "basedisk.db-wal", "rw-------"),
          modes());
    }
  }

  @Test
  void every_file_is_private_where_the_umask_is_empty() throws Exception {
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "umask 0; exec \"$0\" \"$@\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                BaseInserter.class.getName(),
                file().toString(),
                "pr0")
            .inheritIO()
            .start();

    assertEquals(0, process.waitFor());
    assertEquals(
        ImmutableSortedMap.of(
            "basedisk.db", "rw-------", "basedisk.db-migration-lock", "rw-------"),
        modes());
  }

  @Test
  void a_store_that_others_may_read_is_narrowed_when_it_is_opened() throws IOException {
    SqliteBaseDiskStore.open(file()).close();
    Files.createFile(directory.resolve("basedisk.db-wal"));
    Files.createFile(directory.resolve("basedisk.db-shm"));
    for (String name : modes().keySet()) {
      Files.setPosixFilePermissions(
          directory.resolve(name), PosixFilePermissions.fromString("rw-r-xrw-"));
    }

    try (SqliteBaseDiskStore store = SqliteBaseDiskStore.open(file())) {
      assertFalse(store.isReadOnly());
      assertEquals(
          ImmutableSortedMap.of(
              "basedisk.db", "rw-------",
              // Locked only for a migration.
              "basedisk.db-migration-lock", "rw-------",
              "basedisk.db-shm", "rw-------",
              "basedisk.db-wal", "rw-------"),
          modes());
    }
  }

  private Path file() {
    return directory.resolve("basedisk.db");
  }

  private ImmutableSortedMap<String, String> modes() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.collect(
          ImmutableSortedMap.toImmutableSortedMap(
              Comparator.naturalOrder(),
              file -> file.getFileName().toString(),
              file -> {
                try {
                  return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              }));
    }
  }
}
