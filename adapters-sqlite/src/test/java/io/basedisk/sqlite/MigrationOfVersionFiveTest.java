package io.basedisk.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A migration of a database of version 5 finds out which boxes have foreign disks: those outside
 * the home's directory of boxes.
 */
@Timeout(300)
class MigrationOfVersionFiveTest {

  private static final String IDENTITY =
      "INSERT INTO home_identity VALUES (1, '0123456789abcdef0123456789abcdef', '/srv/b%_', 1, 2)";
  private static final String BASE_OF_OTHER_HOME =
      "INSERT INTO bases (id, source_box_id, kind, base_path, container_disk_bytes, size_bytes,"
          + " created_at) VALUES ('base0001', 'web', 'clone_base',"
          + " '/other/bases/base0001.qcow2', 512, 512, 1)";
  private static final String FOREIGN_BASE =
      "INSERT INTO bases (id, source_box_id, kind, base_path, container_disk_bytes, size_bytes,"
          + " created_at, is_foreign) VALUES ('base0000', '__global__', 'clone_base',"
          + " '/images/bases/base0000.qcow2', 512, 512, 1, 1)";

  @TempDir private Path directory;
  private Path file;
  private Database database;

  @BeforeEach
  void migrateToVersionFive() {
    file = directory.resolve("basedisk.db");
    database = new Database(file, Duration.ofSeconds(10));
    Flyway.configure()
        .configuration(Schema.flyway(database).getConfiguration())
        .target("5")
        .load()
        .migrate();
  }

  private void insert(String... statements) throws SQLException {
    try (Connection connection = database.connect()) {
      for (String statement : statements) {
        Database.execute(connection, statement);
      }
    }
  }

  private static String box(String name, String disksDir) {
    return "INSERT INTO boxes (id, disks_dir, directory_inode, created_at) VALUES ('"
        + name
        + "', '"
        + disksDir
        + "', 7, 1)";
  }

  private static String disk(String box, String slot, String path) {
    return "INSERT INTO box_disks VALUES ('" + box + "', '" + slot + "', '" + path + "')";
  }

  private static ImmutableList<String> withDisks(String name, String disksDir) {
    return ImmutableList.of(
        box(name, disksDir),
        disk(name, "container", disksDir + "/disk.qcow2"),
        disk(name, "guest_rootfs", disksDir + "/guest-rootfs.qcow2"));
  }

  private void insertBoxes() throws SQLException {
    insert(
        ImmutableList.of(
                withDisks("web", "/srv/b%_/boxes/web/disks"),
                withDisks("odd", "/srv/b%_/boxes/other name"),
                withDisks("vm", "/vms/vm"),
                withDisks("like", "/srv/bxx/boxes/like/disks"),
                withDisks("away", "/other/boxes/away/disks"))
            .stream()
            .flatMap(ImmutableList::stream)
            .toArray(String[]::new));
  }

  private ImmutableSet<String> foreign() {
    try (SqliteBaseDiskStore store = SqliteBaseDiskStore.open(file)) {
      return store.<ImmutableSet<String>>read(
          view ->
              view.boxes().list().stream()
                  .filter(Box::hasForeignDisks)
                  .map(Box::id)
                  .map(BoxId::value)
                  .collect(Collectors.collectingAndThen(Collectors.toSet(), ImmutableSet::copyOf)));
    }
  }

  @Test
  void the_recorded_home_tells_which_disks_are_foreign() throws SQLException {
    insert(IDENTITY, BASE_OF_OTHER_HOME);
    insertBoxes();

    assertEquals(ImmutableSet.of("vm", "like", "away"), foreign());
  }

  @Test
  void without_an_identity_the_bases_tell_where_the_home_is() throws SQLException {
    insert(FOREIGN_BASE, BASE_OF_OTHER_HOME);
    insertBoxes();

    assertEquals(ImmutableSet.of("web", "odd", "vm", "like"), foreign());
  }

  @Test
  void without_both_the_usual_place_of_a_disk_tells() throws SQLException {
    insertBoxes();

    assertEquals(ImmutableSet.of("odd", "vm"), foreign());
  }

  @Test
  void disks_references_and_inodes_arrive() throws SQLException {
    insert(IDENTITY, BASE_OF_OTHER_HOME);
    insertBoxes();
    insert("INSERT INTO box_references VALUES ('web', 'container', 'base0001')");

    try (SqliteBaseDiskStore store = SqliteBaseDiskStore.open(file)) {
      BoxId web = BoxId.of("web");
      assertEquals(1, store.<Integer>read(view -> view.references().listOf(web).size()).intValue());
      assertEquals(
          7, store.<Long>read(v -> v.boxes().findDirectoryInode(web).getAsLong()).longValue());
      assertEquals(
          web,
          store.<BoxId>read(
              view ->
                  view.boxes()
                      .findByDisk(Path.of("/srv/b%_/boxes/web/disks/guest-rootfs.qcow2"))
                      .orElseThrow()
                      .id()));
    }
    try (Connection connection = database.connect()) {
      assertEquals(
          "0", Database.query(connection, "SELECT count(*) FROM pragma_foreign_key_check"));
    }
  }
}
