package io.basedisk.sqlite;

import static io.basedisk.domain.testing.Records.base;
import static io.basedisk.domain.testing.Records.box;
import static io.basedisk.domain.testing.Records.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.Uninterruptibles;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.NoSpaceException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.sqlite.Connections.PooledConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Failures of SQLite during a transaction. */
class TransactionFailureTest {

  /** Longer than any wait of a test, even on a busy machine. */
  private static final Duration LONG = Duration.ofHours(1);

  private static final Duration SHORT = Duration.ofMillis(100);

  @TempDir private Path directory;
  private Path file;
  private Database database;
  private SqliteBaseDiskStore store;

  @BeforeEach
  void open() {
    file = directory.resolve("basedisk.db");
    database = new Database(file, LONG);
    store = SqliteBaseDiskStore.open(file, LONG);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void a_write_is_refused_when_another_process_writes_for_too_long() throws SQLException {
    try (Connection other = database.connect();
        SqliteBaseDiskStore impatient = SqliteBaseDiskStore.open(file, SHORT)) {
      Database.execute(other, "BEGIN IMMEDIATE");

      RefusedException busy =
          assertThrows(RefusedException.class, () -> insertBase(impatient, "base0001"));

      assertTrue(busy.getMessage().startsWith(file + ": the store is busy"), busy.getMessage());
    }
    insertBase(store, "base0001");
    assertTrue(hasBase("base0001"));
  }

  @Test
  void a_read_does_not_wait_for_a_write() throws SQLException {
    try (Connection other = database.connect()) {
      Database.execute(other, "BEGIN IMMEDIATE");

      assertFalse(hasBase("base0001"));
    }
  }

  @Test
  void a_write_does_not_wait_for_a_read() {
    store.<Boolean>read(
        view -> {
          boolean before = view.bases().find(id("base0001")).isPresent();
          Thread writer = new Thread(() -> insertBase(store, "base0001"));
          writer.start();
          Uninterruptibles.joinUninterruptibly(writer);
          return before;
        });

    assertTrue(hasBase("base0001"));
  }

  @Test
  void an_interrupted_thread_can_write() {
    Thread.currentThread().interrupt();

    insertBase(store, "base0001");

    assertTrue(Thread.interrupted());
    assertTrue(hasBase("base0001"));
  }

  @Test
  void more_threads_read_at_once_than_there_are_connections() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3 * Connections.LIMIT);
    CyclicBarrier start = new CyclicBarrier(3 * Connections.LIMIT);
    List<Future<Integer>> reads = new ArrayList<>();
    for (int i = 0; i < 3 * Connections.LIMIT; i++) {
      reads.add(
          threads.submit(
              () -> {
                start.await();
                return store.<Integer>read(view -> view.boxes().list().size());
              }));
    }

    for (Future<Integer> read : reads) {
      assertEquals(0, read.get());
    }
    threads.shutdown();
  }

  @Test
  void a_commit_that_fails_is_an_error_and_its_connection_is_not_used_again() throws SQLException {
    try (Connections connections = Connections.open(database)) {
      PooledConnection used = connections.take();
      connections.giveBack(used);
      Session session = Session.begin(connections, "BEGIN IMMEDIATE");
      // A constraint that SQLite checks in the commit makes the commit fail.
      session.sql().execute("PRAGMA defer_foreign_keys = ON");
      session.sql().execute("INSERT INTO collect_pending VALUES ('absent01')");

      StorageException failure = assertThrows(StorageException.class, session::commit);
      session.close();

      assertTrue(failure.getMessage().startsWith(file + ": "), failure.getMessage());
      PooledConnection next = connections.take();
      assertNotSame(used, next);
      assertEquals("0", Database.query(next.jdbc(), "SELECT count(*) FROM collect_pending"));
      connections.giveBack(next);
    }
  }

  @Test
  void a_transaction_that_can_not_be_undone_costs_its_connection_only() throws SQLException {
    try (Connections connections = Connections.open(database)) {
      Session session = Session.begin(connections, "BEGIN IMMEDIATE");
      session.sql().execute("ROLLBACK");
      session.close();

      Session next = Session.begin(connections, "BEGIN IMMEDIATE");
      next.commit();
      next.close();
    }
  }

  @Test
  void a_full_database_is_an_error_that_names_the_file() throws SQLException {
    try (Connections connections = Connections.open(database);
        Session session = Session.begin(connections, "BEGIN IMMEDIATE")) {
      session.sql().execute("PRAGMA max_page_count = 1");
      StoreTransaction tx = new SqliteTransaction(session);

      NoSpaceException full =
          assertThrows(
              NoSpaceException.class,
              () -> {
                for (int i = 0; i < 10_000; i++) {
                  tx.boxes().insert(box("box-" + i).build());
                }
              });

      assertEquals("no space left on the file system of " + file, full.getMessage());
    }
  }

  /** SQLite has rolled back then. A later statement would be a transaction of its own. */
  @Test
  void nothing_is_written_after_the_database_was_full() throws SQLException {
    try (Connections connections = Connections.open(database)) {
      Session session = Session.begin(connections, "BEGIN IMMEDIATE");
      StoreTransaction tx = new SqliteTransaction(session);
      tx.boxes().insert(box("box-1").build());
      session.sql().execute("PRAGMA max_page_count = 1");
      Box large = box("box-2").in(Path.of("/" + "x".repeat(100_000))).build();
      assertThrows(StorageException.class, () -> tx.boxes().insert(large));

      assertThrows(IllegalStateException.class, () -> tx.boxes().insert(box("box-3").build()));

      session.close();
    }
    assertEquals(List.of(), store.read(view -> view.boxes().list()));
  }

  @Test
  void a_row_that_is_no_record_is_an_error_that_names_the_file() throws SQLException {
    try (Connection other = database.connect()) {
      Database.execute(
          other, "INSERT INTO boxes (id, disks_dir, created_at) VALUES ('../..', '/d', 0)");
      Database.execute(
          other,
          "INSERT INTO box_disks VALUES ('../..', 'container', '/d/c'), ('../..', 'guest_rootfs',"
              + " '/d/g')");
    }

    StorageException failure =
        assertThrows(StorageException.class, () -> store.read(view -> view.boxes().list()));

    assertTrue(failure.getMessage().startsWith(file + ": "), failure.getMessage());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_path_that_is_not_text_is_refused() throws Exception {
    Path odd = makeDirectoryWhoseNameIsNotText();

    assertThrows(
        InvalidArgumentException.class,
        () -> write(tx -> tx.boxes().insert(box("box-1").in(odd).build())));
  }

  @Test
  void a_closed_store_is_of_no_use() {
    store.close();

    assertThrows(IllegalStateException.class, () -> store.read(view -> view.boxes().list()));
    assertThrows(IllegalStateException.class, () -> insertBase(store, "base0001"));
  }

  @Test
  void closing_a_store_leaves_nothing_but_the_database_and_its_lock() throws IOException {
    insertBase(store, "base0001");

    store.close();

    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(
          List.of("basedisk.db", "basedisk.db-migration-lock"),
          files.map(path -> path.getFileName().toString()).sorted().toList());
    }
  }

  private Path makeDirectoryWhoseNameIsNotText() throws Exception {
    Path parent = Files.createDirectory(directory.resolve("odd"));
    new ProcessBuilder("sh", "-c", "mkdir \"$(printf 'a\\377b')\"")
        .directory(parent.toFile())
        .start()
        .waitFor();
    try (Stream<Path> children = Files.list(parent)) {
      return children.findFirst().orElseThrow();
    }
  }

  private boolean hasBase(String id) {
    return store.<Boolean>read(view -> view.bases().find(id(id)).isPresent());
  }

  private static void insertBase(SqliteBaseDiskStore store, String id) {
    write(store, tx -> tx.bases().insert(base(id).build()));
  }

  private void write(Consumer<StoreTransaction> work) {
    write(store, work);
  }

  private static void write(SqliteBaseDiskStore store, Consumer<StoreTransaction> work) {
    store.change(tx -> work.accept(tx));
  }
}
