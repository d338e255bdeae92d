package io.basedisk.sqlite;

import static io.basedisk.domain.testing.Records.base;
import static io.basedisk.domain.testing.Records.box;
import static io.basedisk.domain.testing.Records.id;
import static io.basedisk.domain.testing.Records.reference;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.LogFilter;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.RootfsEntry;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.testing.Records;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A migration of a database of version 4 keeps its rows in every table. The test inserts the rows
 * with SQL, since the code for version 4 is gone.
 */
@Timeout(300)
class MigrationOfVersionFourTest {

  private static final Instant NOON = Records.NOON;

  /** The latest time that version 4 could store. It stood for all later times too. */
  private static final String THE_END = "9223372036854775807";

  @TempDir private Path directory;
  private Path file;
  private Database database;

  @BeforeEach
  void insertRows() throws SQLException {
    file = directory.resolve("basedisk.db");
    database = new Database(file, Duration.ofSeconds(10));
    migrateTo("4");
    try (Connection connection = database.connect()) {
      for (String statement : rows()) {
        Database.execute(connection, statement);
      }
    }
  }

  /** Returns statements that insert the rows for {@link #assertComplete}, some in each table. */
  private static ImmutableList<String> rows() {
    ImmutableList.Builder<String> rows = ImmutableList.builder();
    rows.add(
        "INSERT INTO home VALUES (1, 'trust-caller')",
        baseRow("'base0001', 'box-1', 'nightly', 'snapshot', '/home/bases/base0001.qcow2'", "NULL")
            + ", 1700000000000000001, 'whole-file')",
        baseRow("'base0002', 'box-1', NULL, 'clone_base', '/gone/base0002.qcow2'", "'base0001'")
            + ", -1, 'whole-file')",
        baseRow("'base0003', '__global__', 'debian', 'rootfs', '/home/bases/3'", "NULL")
            + ", NULL, NULL)",
        baseRow("'base0004', 'box-2', NULL, 'clone_base', '/home/bases/4'", "NULL")
            + ", "
            + THE_END
            + ", 'whole-file')",
        "INSERT INTO rootfs_entries VALUES ('base0003', 'content', 1700000000123456789)",
        // The first box is removed again. Its row number is not reused.
        "INSERT INTO boxes (id, disks_dir, created_at) VALUES ('gone', '/gone', 1)",
        "INSERT INTO boxes (id, disks_dir, created_at) VALUES ('box-2', '/home/boxes/b 2/ü', 9)",
        "INSERT INTO boxes (id, disks_dir, created_at) VALUES ('box-1', '/vms', 9)",
        "INSERT INTO boxes (id, disks_dir, created_at) VALUES ('box-3', '/', 9)",
        "DELETE FROM boxes WHERE id = 'gone'",
        "INSERT INTO box_references VALUES ('box-1', 'container', 'base0002')",
        "INSERT INTO box_references VALUES ('box-1', 'guest_rootfs', 'base0003')",
        "INSERT INTO box_references VALUES ('box-2', 'container', 'base0001')",
        "INSERT INTO collect_pending VALUES ('base0002')",
        "INSERT INTO deleting_bases VALUES ('gone0001', '/gone/x.qcow2', 'base0001')",
        "INSERT INTO deleting_bases VALUES ('gone0002', '/home/bases/y', NULL)");
    rows.addAll(IntentsOfVersionFour.rows());
    return rows.build();
  }

  private static String baseRow(String idToPath, String parent) {
    return "INSERT INTO bases (id, source_box_id, name, kind, base_path, container_disk_bytes,"
        + " size_bytes, parent_id, created_at, modified_at_nanos, digest) VALUES ("
        + idToPath
        + ", 1024, 512, "
        + parent
        + ", 1700000000";
  }

  @Test
  void every_row_arrives() {
    try (SqliteBaseDiskStore store = SqliteBaseDiskStore.open(file)) {
      assertComplete(store);
    }
  }

  @Test
  void what_is_new_is_empty() {
    try (SqliteBaseDiskStore store = SqliteBaseDiskStore.open(file)) {
      assertEquals(Optional.empty(), read(store, view -> view.home().findIdentity()));
      assertEquals(Optional.empty(), read(store, view -> view.home().findRelocation()));
      assertEquals(0L, store.<Long>read(view -> view.home().writeNumber()));
      assertEquals(ImmutableList.of(), read(store, view -> view.holds().list()));
      assertEquals(ImmutableList.of(), read(store, view -> view.log().list(LogFilter.ALL)));
      assertTrue(read(store, view -> view.boxes().findDirectoryInode(BoxId.of("box-1"))).isEmpty());
    }
  }

  @Test
  void the_rules_of_the_new_schema_hold() throws SQLException {
    SqliteBaseDiskStore.open(file).close();

    assertEquals("ok", query("PRAGMA integrity_check"));
    assertEquals("0", query("SELECT count(*) FROM pragma_foreign_key_check"));
    assertEquals("4", query("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'"));
    assertEquals("0", query("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'new%'"));
    assertEquals("0", query("SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%new_box%'"));
  }

  @Test
  void a_box_that_comes_after_is_listed_as_newer() {
    try (SqliteBaseDiskStore store = SqliteBaseDiskStore.open(file)) {
      Box newer = box("box-0").createdAt(Instant.ofEpochSecond(9)).build();
      store.change(tx -> tx.boxes().insert(newer));

      assertEquals(newer, read(store, view -> view.boxes().list()).get(0));
    }
  }

  /** Opens a copy of the files after each statement, as a kill at that moment leaves them. */
  @Test
  void a_kill_after_any_statement_of_the_migration_loses_nothing() throws IOException {
    List<Path> killed = new ArrayList<>();
    Flyway.configure()
        .configuration(Schema.flyway(database).getConfiguration())
        .callbacks(
            new AfterEachStatement(
                () -> {
                  Path copy = directory.resolve("killed-" + killed.size());
                  copyTo(copy);
                  killed.add(copy);
                }))
        .load()
        .migrate();

    assertTrue(killed.size() > 30, killed::toString);
    for (Path copy : killed) {
      try (SqliteBaseDiskStore store = SqliteBaseDiskStore.open(copy.resolve("basedisk.db"))) {
        assertComplete(store);
      }
    }
  }

  /** Runs after each statement of each migration. */
  private record AfterEachStatement(Runnable action) implements Callback {
    @Override
    public boolean supports(Event event, Context context) {
      return event == Event.AFTER_EACH_MIGRATE_STATEMENT;
    }

    @Override
    public boolean canHandleInTransaction(Event event, Context context) {
      return true;
    }

    @Override
    public void handle(Event event, Context context) {
      action.run();
    }

    @Override
    public String getCallbackName() {
      return "after each statement";
    }
  }

  private void copyTo(Path copy) {
    try {
      Files.createDirectory(copy);
      for (String suffix : ImmutableList.of("", "-wal", "-journal")) {
        Path source = directory.resolve("basedisk.db" + suffix);
        if (Files.exists(source)) {
          Files.copy(source, copy.resolve("basedisk.db" + suffix));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertComplete(SqliteBaseDiskStore store) {
    BaseDisk first = base("base0001").of("box-1").snapshot("nightly").sized(1024, 512).build();
    assertEquals(
        ImmutableList.of(
            base("base0004").of("box-2").at(Path.of("/home/bases/4")).sized(1024, 512).build(),
            base("base0003").rootfs("debian").at(Path.of("/home/bases/3")).sized(1024, 512).build(),
            base("base0002")
                .of("box-1")
                .at(Path.of("/gone/base0002.qcow2"))
                .on("base0001")
                .sized(1024, 512)
                .build(),
            first),
        read(store, view -> view.bases().list(BaseFilter.ALL)));
    assertFingerprint(store, "base0001", Optional.of(NOON.plusNanos(1)));
    assertFingerprint(store, "base0002", Optional.of(Instant.EPOCH.minusNanos(1)));
    assertFingerprint(store, "base0003", Optional.empty());
    assertFingerprint(store, "base0004", Optional.empty());
    assertEquals(
        Optional.of(new RootfsEntry("content", NOON.plusNanos(123_456_789), null)),
        read(store, view -> view.rootfs().find(id("base0003"))));
    assertBoxes(store);
    assertEquals(
        ImmutableList.of(id("base0002")),
        read(store, view -> view.pendingDeletes().listCollectPending()));
    assertEquals(
        ImmutableList.of(
            new DeletingBase(id("gone0001"), Path.of("/gone/x.qcow2"), id("base0001")),
            new DeletingBase(id("gone0002"), Path.of("/home/bases/y"), null)),
        read(store, view -> view.pendingDeletes().list()));
    assertEquals(
        Optional.of(UnknownUsePolicy.TRUST_CALLER),
        read(store, view -> view.home().findUnknownUsePolicy()));
    assertEquals(IntentsOfVersionFour.intents(), read(store, view -> view.intents().list()));
  }

  /** Digests of version 4 were digests of whole files, so the migration drops them. */
  private static void assertFingerprint(
      SqliteBaseDiskStore store, String base, Optional<Instant> modifiedAt) {
    assertEquals(
        modifiedAt.map(time -> new BaseFingerprint(time, null)),
        read(store, view -> view.bases().findFingerprint(id(base))));
  }

  private static void assertBoxes(SqliteBaseDiskStore store) {
    Instant registered = Instant.ofEpochSecond(9);
    Box box1 = box("box-1").in(Path.of("/vms")).foreign().createdAt(registered).build();
    assertEquals(
        ImmutableList.of(
            box("box-3").in(Path.of("/")).foreign().createdAt(registered).build(),
            box1,
            box("box-2").in(Path.of("/home/boxes/b 2/ü")).createdAt(registered).build()),
        read(store, view -> view.boxes().list()));
    assertEquals(
        Optional.of(box1),
        read(store, view -> view.boxes().findByDisk(Path.of("/vms/disk.qcow2"))));
    assertEquals(
        Optional.of(box1),
        read(store, view -> view.boxes().findByDisk(Path.of("/vms/guest-rootfs.qcow2"))));
    ImmutableList<Reference> references = read(store, view -> view.references().list());
    assertEquals(
        ImmutableSet.of(
            reference("base0002", "box-1"),
            reference("base0003", "box-1", DiskSlot.GUEST_ROOTFS),
            reference("base0001", "box-2")),
        ImmutableSet.copyOf(references));
  }

  private static <T> T read(SqliteBaseDiskStore store, Function<StoreView, T> work) {
    return store.<T>read(work);
  }

  private void migrateTo(String version) {
    Flyway.configure()
        .configuration(Schema.flyway(database).getConfiguration())
        .target(version)
        .load()
        .migrate();
    try (Connection connection = database.connect()) {
      Database.execute(connection, "PRAGMA journal_mode = WAL");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private String query(String sql) throws SQLException {
    try (Connection connection = database.connect()) {
      return Database.query(connection, sql);
    }
  }
}
