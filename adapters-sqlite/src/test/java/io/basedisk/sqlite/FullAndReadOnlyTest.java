package io.basedisk.sqlite;

import static io.basedisk.domain.testing.Records.base;
import static io.basedisk.domain.testing.Records.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.basedisk.domain.error.NoSpaceException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.BaseFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A store without space left, and a store that can't be written to. */
@Timeout(300)
class FullAndReadOnlyTest {

  @TempDir private Path scratch;

  // No space left.

  @ParameterizedTest
  @EnumSource
  void a_store_on_a_full_file_system_says_so_and_opens_when_there_is_space(LoopMount.Kind kind)
      throws IOException {
    try (LoopMount mount = LoopMount.make(scratch, kind)) {
      Path file = makeStore(mount.directory());
      mount.fill();

      assertNamesLackOfSpace(
          file, assertThrows(NoSpaceException.class, () -> SqliteBaseDiskStore.open(file)));
      try (SqliteBaseDiskStore store = SqliteBaseDiskStore.openForReading(file)) {
        assertHasBases(1, store);
        assertTrue(store.isReadOnly());
      }

      mount.free();
      try (SqliteBaseDiskStore store = SqliteBaseDiskStore.open(file)) {
        insertBase(store, "base0002");
        assertHasBases(2, store);
        assertFalse(store.isReadOnly());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_write_on_a_full_file_system_says_so_and_did_nothing(LoopMount.Kind kind)
      throws IOException {
    try (LoopMount mount = LoopMount.make(scratch, kind)) {
      Path file = makeStore(mount.directory());
      try (SqliteBaseDiskStore store = SqliteBaseDiskStore.open(file)) {
        assertHasBases(1, store);
        mount.fill();

        assertNamesLackOfSpace(
            file, assertThrows(NoSpaceException.class, () -> insertManyBases(store)));
        assertHasBases(1, store);

        mount.free();
        insertBase(store, "base0002");
        assertHasBases(2, store);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_new_store_on_a_full_file_system_says_so(LoopMount.Kind kind) throws IOException {
    try (LoopMount mount = LoopMount.make(scratch, kind)) {
      Path file = mount.directory().resolve("basedisk.db");
      mount.fill();

      assertNamesLackOfSpace(
          file, assertThrows(NoSpaceException.class, () -> SqliteBaseDiskStore.open(file)));

      mount.free();
      try (SqliteBaseDiskStore store = SqliteBaseDiskStore.open(file)) {
        insertBase(store, "base0001");
      }
    }
  }

  private static void assertNamesLackOfSpace(Path file, StorageException error) {
    assertEquals("no space left on the file system of " + file, error.getMessage());
  }

  // Read-only.

  @ParameterizedTest
  @EnumSource
  void a_store_on_a_read_only_file_system_is_read(LoopMount.Kind kind) throws IOException {
    try (LoopMount mount = LoopMount.make(scratch, kind)) {
      Path file = makeStore(mount.directory());
      mount.makeReadOnly();

      assertIsReadOnly(file, 1, "read-only file system");
    }
  }

  @Test
  void what_is_in_the_log_is_read_from_a_read_only_file_system() throws IOException {
    try (LoopMount mount = LoopMount.make(scratch, LoopMount.Kind.EXT4)) {
      Path file = makeKilledStore(mount.directory(), "", "-wal");
      mount.makeReadOnly();

      assertIsReadOnly(file, 2, "read-only file system");
    }
  }

  @Test
  void a_copy_is_private_and_goes_when_it_is_closed() throws IOException {
    try (LoopMount mount = LoopMount.make(scratch, LoopMount.Kind.EXT4)) {
      Path file = makeKilledStore(mount.directory(), "", "-wal");
      mount.makeReadOnly();

      Path copy;
      try (ReadOnlyConnections connections =
          ReadOnlyConnections.open(file, Duration.ofSeconds(10))) {
        copy = Optional.ofNullable(connections.copy()).orElseThrow().directory();
        assertEquals(
            "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)));
      }
      assertFalse(Files.exists(copy));
    }
  }

  @Test
  void what_is_in_the_log_is_read_beside_shared_memory_that_a_crash_has_left() throws IOException {
    try (LoopMount mount = LoopMount.make(scratch, LoopMount.Kind.EXT4)) {
      Path file = makeKilledStore(mount.directory(), "", "-wal", "-shm");
      mount.makeReadOnly();

      assertIsReadOnly(file, 2, "read-only file system");
    }
  }

  @Test
  void a_store_of_an_older_version_is_read_from_a_read_only_file_system()
      throws IOException, SQLException {
    try (LoopMount mount = LoopMount.make(scratch, LoopMount.Kind.EXT4)) {
      Path file = mount.directory().resolve("basedisk.db");
      Database database = new Database(file, Duration.ofSeconds(10));
      Flyway.configure()
          .configuration(Schema.flyway(database).getConfiguration())
          .target("4")
          .load()
          .migrate();
      try (Connection connection = database.connect()) {
        Database.execute(
            connection,
            "INSERT INTO bases (id, source_box_id, kind, base_path, container_disk_bytes,"
                + " size_bytes, created_at) VALUES ('base0001', 'b', 'clone_base', '/b', 1, 1, 1)");
      }
      mount.makeReadOnly();

      assertIsReadOnly(file, 1, "read-only file system");
    }
  }

  @Test
  void a_directory_that_refuses_every_change_is_read() throws IOException {
    try (LoopMount mount = LoopMount.make(scratch, LoopMount.Kind.EXT4)) {
      Path file = makeStore(mount.directory());
      LoopMount.run("chattr", "+i", file.toString(), mount.directory().toString());
      try {
        assertIsReadOnly(file, 1, "no permission to write");
      } finally {
        LoopMount.run("chattr", "-i", file.toString(), mount.directory().toString());
      }
    }
  }

  @Test
  void a_directory_that_this_user_may_not_write_to_is_read() throws IOException {
    assumeFalse("root".equals(System.getProperty("user.name")), "root may write everywhere");
    Path file = makeStore(scratch);
    Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assertIsReadOnly(file, 1, "no permission to write");
    } finally {
      Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void no_store_is_found_where_none_can_be_made() throws IOException {
    try (LoopMount mount = LoopMount.make(scratch, LoopMount.Kind.EXT4)) {
      Path file = mount.directory().resolve("basedisk.db");
      mount.makeReadOnly();

      NotFoundException error =
          assertThrows(NotFoundException.class, () -> SqliteBaseDiskStore.open(file));

      assertTrue(error.getMessage().startsWith(file + ": "), error.getMessage());
    }
  }

  @Test
  void a_file_that_is_no_database_is_refused_on_a_read_only_file_system() throws IOException {
    try (LoopMount mount = LoopMount.make(scratch, LoopMount.Kind.EXT4)) {
      Path file = mount.directory().resolve("basedisk.db");
      Files.writeString(file, "x".repeat(1000));
      mount.makeReadOnly();

      StorageException error =
          assertThrows(StorageException.class, () -> SqliteBaseDiskStore.open(file));

      assertEquals(file + ": is not an SQLite database", error.getMessage());
    }
  }

  private static void assertIsReadOnly(Path file, int bases, String reason) {
    try (SqliteBaseDiskStore store = SqliteBaseDiskStore.open(file)) {
      assertTrue(store.isReadOnly());
      assertHasBases(bases, store);
      RefusedException refused =
          assertThrows(RefusedException.class, () -> insertBase(store, "base0009"));
      assertEquals(file + ": the store can only be read: " + reason, refused.getMessage());
      assertHasBases(bases, store);
    }
  }

  // Stores.

  /** Creates a store with one base, without other files beside the database. */
  private static Path makeStore(Path directory) {
    Path file = directory.resolve("basedisk.db");
    try (SqliteBaseDiskStore store = SqliteBaseDiskStore.open(file)) {
      insertBase(store, "base0001");
    }
    assertFalse(Files.exists(directory.resolve("basedisk.db-wal")));
    assertFalse(Files.exists(directory.resolve("basedisk.db-shm")));
    return file;
  }

  /** Creates a store with two bases as a kill leaves it: one base is only in the log. */
  private static Path makeKilledStore(Path directory, String... parts) {
    Path live = makeStore(directory);
    Path file = directory.resolve("killed.db");
    try (SqliteBaseDiskStore store = SqliteBaseDiskStore.open(live)) {
      insertBase(store, "base0002");
      for (String part : parts) {
        // Copied by another process, since closing a file in this process would drop its locks.
        LoopMount.run("cp", live + part, file + part);
      }
    }
    return file;
  }

  private static void insertBase(SqliteBaseDiskStore store, String id) {
    store.change(tx -> tx.bases().insert(base(id).build()));
  }

  /** Inserts more bases than fit into the space that SQLite has already. */
  private static void insertManyBases(SqliteBaseDiskStore store) {
    store.change(
        tx -> {
          for (int i = 0; i < 10_000; i++) {
            tx.bases().insert(base(String.format("many%04d", i)).build());
          }
        });
  }

  private static void assertHasBases(int bases, SqliteBaseDiskStore store) {
    assertEquals(
        bases, store.<Integer>read(view -> view.bases().list(BaseFilter.ALL).size()).intValue());
  }
}
