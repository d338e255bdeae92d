package io.basedisk.sqlite;

import static io.basedisk.domain.testing.Records.base;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.port.StoreView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Opening files of several kinds as a store. */
class SchemaTest {

  /** Longer than any wait of a test, even on a busy machine. */
  private static final Duration LONG = Duration.ofHours(1);

  private static final String NEWER = "PRAGMA user_version = " + (Schema.VERSION + 1);

  @TempDir private Path directory;
  private Path file;
  private Database database;

  @BeforeEach
  void nameFile() {
    file = directory.resolve("basedisk.db");
    database = new Database(file, LONG);
  }

  @Test
  void the_schema_version_is_the_number_of_the_last_migration() {
    MigrationInfo[] migrations = Schema.flyway(database).info().all();
    String last = String.valueOf(migrations[migrations.length - 1].getVersion());

    assertEquals(String.valueOf(Schema.VERSION), last);
  }

  @Test
  void a_new_database_is_of_the_known_version() throws SQLException {
    openAndClose();

    assertEquals(String.valueOf(Schema.VERSION), query("PRAGMA user_version"));
  }

  @Test
  void an_empty_file_becomes_a_database() throws IOException {
    Files.createFile(file);

    openAndClose();
  }

  @Test
  void a_current_database_is_opened_without_flyway() throws SQLException {
    openAndClose();
    // Without its history, Flyway refuses a database that has tables.
    execute("DROP TABLE flyway_schema_history");

    openAndClose();
  }

  @Test
  void a_database_whose_making_was_cut_short_is_completed() throws SQLException {
    openAndClose();
    String history = query("SELECT sql FROM sqlite_schema WHERE name = 'flyway_schema_history'");
    file = directory.resolve("cut-short.db");
    database = new Database(file, LONG);
    execute(history);

    openAndClose();

    assertEquals(String.valueOf(Schema.VERSION), query("PRAGMA user_version"));
  }

  @Test
  void a_database_of_the_first_version_is_brought_up_to_date_with_what_it_has()
      throws SQLException {
    migrateTo("1");
    execute("INSERT INTO boxes (id, disks_dir, created_at) VALUES ('web', '/disks/web', 1)");
    assertEquals("1", query("PRAGMA user_version"));

    openAndClose();

    assertEquals(String.valueOf(Schema.VERSION), query("PRAGMA user_version"));
    assertEquals("web", query("SELECT id FROM boxes"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO bases (id, source_box_id, kind, base_path, container_disk_bytes, size_bytes,"
            + " created_at) VALUES ('aaaaaaaa', '__global__', 'rootfs', '/a', 512, 512, 1)",
        "INSERT INTO intents (id, operation, started_at, planned_id, planned_path,"
            + " planned_source_box_id, planned_kind)"
            + " VALUES (1, 'fork', 1, 'aaaaaaaa', '/a', '__global__', 'rootfs')"
      })
  void a_rootfs_of_before_the_cache_that_has_no_key_does_not_become_superseded(String insert)
      throws SQLException {
    migrateTo("2");
    execute(insert);

    openAndClose();

    assertEquals(
        "aaaaaaaa", query("SELECT name FROM bases UNION SELECT planned_name FROM intents"));
  }

  private void migrateTo(String version) {
    Flyway.configure()
        .configuration(Schema.flyway(database).getConfiguration())
        .target(version)
        .load()
        .migrate();
  }

  @Test
  void a_database_that_lost_its_wal_mode_gets_it_back() throws SQLException {
    openAndClose();
    execute("PRAGMA journal_mode = DELETE");

    openAndClose();

    assertEquals("wal", query("PRAGMA journal_mode"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"what?busy_timeout=1", "per%20cent#1", "ü 🌙", "mode=memory"})
  void any_file_name_will_do(String name) throws IOException {
    Path directory = Files.createDirectory(this.directory.resolve(name));
    file = directory.resolve(name);
    try (SqliteBaseDiskStore store = SqliteBaseDiskStore.open(file)) {
      insertBase(store);
    }

    assertTrue(Files.size(file) > 0);
    assertEquals(1, countBases());
  }

  @Test
  void a_newer_database_is_refused_and_left_as_it_is() throws Exception {
    openAndClose();
    execute(NEWER);

    assertRefusedAndUntouched("newer");
  }

  @Test
  void a_newer_database_in_another_journal_mode_is_refused_and_left_as_it_is() throws Exception {
    openAndClose();
    execute("PRAGMA journal_mode = DELETE");
    execute(NEWER);

    assertRefusedAndUntouched("newer");

    assertEquals("delete", query("PRAGMA journal_mode"));
  }

  @Test
  void a_newer_database_that_a_crash_left_with_a_log_is_refused_and_left_as_it_is()
      throws Exception {
    openAndClose();
    Path crashed = directory.resolve("crashed.db");
    try (Connection connection = database.connect()) {
      Database.execute(connection, NEWER);
      // The files as a kill would leave them at this moment.
      Files.copy(file, crashed);
      Files.copy(directory.resolve("basedisk.db-wal"), directory.resolve("crashed.db-wal"));
    }
    file = crashed;
    database = new Database(file, LONG);

    assertRefusedAndUntouched("newer");
  }

  @Test
  void a_database_of_something_else_is_refused_and_left_as_it_is() throws Exception {
    execute("CREATE TABLE contacts (name TEXT)");

    assertRefusedAndUntouched("not one of basedisk");
  }

  @Test
  void a_database_of_something_else_that_says_version_one_is_refused() throws Exception {
    execute("PRAGMA user_version = 1");

    assertRefusedAndUntouched("not one of basedisk");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 15, 16, 100, 512, 10_000})
  void a_file_that_is_no_database_is_refused_and_left_as_it_is(int length) throws Exception {
    Files.writeString(file, "x".repeat(length));

    assertRefusedAndUntouched("not an SQLite database");
  }

  @Test
  void a_directory_is_refused() throws IOException {
    Files.createDirectory(file);

    assertNamesFile(assertThrows(StorageException.class, this::openAndClose));
  }

  @Test
  void a_missing_directory_is_not_made() {
    file = directory.resolve("absent/basedisk.db");

    assertNamesFile(assertThrows(StorageException.class, this::openAndClose));
    assertFalse(Files.exists(file.getParent()));
  }

  @Test
  void threads_may_open_a_new_store_at_the_same_time() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(6);
    Callable<Void> open =
        () -> {
          openAndClose();
          return null;
        };
    for (Future<Void> opened : threads.invokeAll(List.of(open, open, open, open, open, open))) {
      opened.get();
    }
    threads.shutdown();

    assertEquals(0, countBases());
  }

  @Test
  void processes_may_open_a_new_store_at_the_same_time_and_all_their_writes_count()
      throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      processes.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-classpath",
                  System.getProperty("java.class.path"),
                  BaseInserter.class.getName(),
                  file.toString(),
                  "pr" + i)
              .inheritIO()
              .start());
    }
    for (Process process : processes) {
      assertEquals(0, process.waitFor());
    }

    assertEquals(3 * BaseInserter.BASES, countBases());
  }

  @Test
  void who_waits_for_a_migration_does_not_wait_for_ever() throws SQLException {
    Database lock = new Database(directory.resolve("basedisk.db-migration-lock"), Duration.ZERO);
    try (Connection migrating = lock.connect()) {
      // Other connections can read the lock's database, but not lock it.
      Database.execute(migrating, "BEGIN IMMEDIATE");

      assertThrows(
          RefusedException.class, () -> SqliteBaseDiskStore.open(file, Duration.ofMillis(50)));
    }

    openAndClose();
  }

  private void openAndClose() {
    SqliteBaseDiskStore.open(file, LONG).close();
  }

  private static void insertBase(SqliteBaseDiskStore store) {
    store.change(tx -> tx.bases().insert(base("base0001").build()));
  }

  private int countBases() {
    try (SqliteBaseDiskStore store = SqliteBaseDiskStore.open(file)) {
      return store.<Integer>read(view -> count(view));
    }
  }

  private static int count(StoreView view) {
    return view.bases().list(BaseFilter.ALL).size();
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.connect()) {
      Database.execute(connection, sql);
    }
  }

  private String query(String sql) throws SQLException {
    try (Connection connection = database.connect()) {
      return Database.query(connection, sql);
    }
  }

  private void assertRefusedAndUntouched(String reason) throws IOException {
    ImmutableMap<Path, byte[]> before = contents();

    StorageException refusal = assertThrows(StorageException.class, this::openAndClose);

    assertNamesFile(refusal);
    assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
    ImmutableMap<Path, byte[]> after = contents();
    before.forEach((path, bytes) -> assertArrayEquals(bytes, after.get(path), path.toString()));
  }

  /** Returns the content of the files, except those that SQLite creates at each opening. */
  private ImmutableMap<Path, byte[]> contents() throws IOException {
    ImmutableMap.Builder<Path, byte[]> contents = ImmutableMap.builder();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path path : files.filter(path -> !path.toString().endsWith("-shm")).toList()) {
        contents.put(path, Files.readAllBytes(path));
      }
    }
    return contents.build();
  }

  private void assertNamesFile(StorageException error) {
    assertTrue(error.getMessage().startsWith(file + ": "), error.getMessage());
    assertEquals(1, error.getMessage().lines().count(), error.getMessage());
    assertTrue(error.getMessage().getBytes(UTF_8).length < 500, error.getMessage());
  }
}
