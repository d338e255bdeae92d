package io.basedisk.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import com.google.common.io.MoreFiles;
import io.basedisk.domain.home.IdentityFile;
import io.basedisk.domain.model.BaseDescription;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.StoreStamp;
import io.basedisk.domain.port.OperationLocks.Held;
import io.basedisk.qcow2.file.FileOperationLocks;
import io.basedisk.qcow2.file.FileStampFile;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.sqlite.SqliteBaseDiskStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recovery from a lost, damaged or older database, on real files. */
final class RebuildCommandTest {

  private static final HomeId ID = new HomeId("0123456789abcdef0123456789abcdef");

  @TempDir Path directory;

  private final OperatingSystem system = OperatingSystem.current();
  private HomeLayout home;
  private Path database;
  private Cli cli;

  @BeforeEach
  void aFleet() throws IOException {
    home = new HomeLayout(directory.toRealPath().resolve("home"));
    database = home.db().resolve("basedisk.db");
    cli = new Cli(home.home());
    cli.json("box", "create", "golden", "--size", "1M");
    cli.json("snapshot", "create", "golden", "s1");
    cli.json("clone", "golden@s1", "web-1", "web-2");
    cli.json("snapshot", "create", "golden", "s2");
    describeBases();
  }

  @Test
  void a_lost_database_is_made_anew_with_every_box_base_and_name() throws IOException {
    Object boxes = bare(cli.jsonList("box", "ls"));
    List<Object> bases = cli.jsonList("base", "ls");
    MoreFiles.deleteRecursively(home.db());
    Map<Path, String> files = filesOutsideOfDb();

    Map<String, Object> report = cli.json("doctor", "--rebuild");

    assertEquals(3, ((List<?>) report.get("boxes")).size());
    assertEquals(2, ((List<?>) report.get("bases")).size());
    assertEquals(List.of(), report.get("unknown_names"));
    assertEquals(List.of(), report.get("left_out"));
    assertTrue(report.containsKey("store_kept"));
    assertEquals(null, report.get("store_kept"));
    assertEquals(files, filesOutsideOfDb());
    assertEquals(boxes, bare(cli.jsonList("box", "ls")));
    assertEquals(bases, cli.jsonList("base", "ls"));
    assertEquals(0, cli.run("doctor").code());
    assertEquals(List.of(), cli.json("gc").get("collected"));
    assertEquals(0, cli.run("snapshot", "restore", "golden", "s1").code());
  }

  @Test
  void a_database_of_zero_bytes_or_of_other_bytes_is_kept_and_made_anew() throws IOException {
    for (String content : List.of("", "this is not a database, but a text")) {
      Files.writeString(database, content);
      Files.deleteIfExists(home.db().resolve("basedisk.db-wal"));

      Map<String, Object> report = cli.json("doctor", "--rebuild");

      Path kept = Path.of((String) report.get("store_kept"));
      assertEquals(content, Files.readString(kept));
      assertEquals(3, cli.jsonList("box", "ls").size());
    }
    assertTrue(Files.exists(home.db().resolve("basedisk.db.replaced-2")));
  }

  @Test
  void a_database_that_lacks_its_second_half_is_kept_and_made_anew() throws IOException {
    byte[] whole = Files.readAllBytes(database);
    Files.write(database, Arrays.copyOf(whole, whole.length / 2));

    Map<String, Object> report = cli.json("doctor", "--rebuild");

    assertTrue(Files.exists(Path.of((String) report.get("store_kept"))));
    assertEquals(3, cli.jsonList("box", "ls").size());
  }

  @Test
  void an_older_database_is_kept_and_made_anew_with_the_boxes_made_since() throws IOException {
    Path older = directory.resolve("older.db");
    Files.copy(database, older);
    cli.json("clone", "golden@s2", "web-3");
    Files.copy(older, database, StandardCopyOption.REPLACE_EXISTING);
    new FileStampFile(system, home).write(new StoreStamp(100, true));

    Map<String, Object> report = cli.json("doctor", "--rebuild");

    assertTrue(Files.exists(Path.of((String) report.get("store_kept"))));
    assertEquals(4, cli.jsonList("box", "ls").size());
    assertEquals(0, cli.run("doctor").code());
    try (SqliteBaseDiskStore store = SqliteBaseDiskStore.open(database)) {
      assertTrue(store.<Long>read(view -> view.home().writeNumber()) > 100);
    }
  }

  @Test
  void a_current_database_is_not_rebuilt() throws IOException {
    byte[] before = Files.readAllBytes(database);

    Cli.Result result = cli.run("doctor", "--rebuild");

    assertEquals(3, result.code());
    assertTrue(result.err().contains("nothing to rebuild"), result.err());
    assertArrayEquals(before, Files.readAllBytes(database));
  }

  @Test
  void a_home_in_which_an_operation_is_under_way_is_not_rebuilt() throws IOException {
    Files.delete(database);

    try (Held held =
        FileOperationLocks.open(system, home.operationsLock())
            .tryAcquire(new OperationId(42))
            .orElseThrow()) {
      assertEquals(3, cli.run("doctor", "--rebuild").code(), held::toString);
    }
    assertFalse(Files.exists(database));
    assertEquals(0, cli.run("doctor", "--rebuild").code());
  }

  @Test
  void a_dry_run_says_the_same_and_changes_nothing() throws IOException {
    Files.delete(database);
    Map<Path, String> before = files(home.home());

    Map<String, Object> planned = cli.json("doctor", "--rebuild", "--dry-run");

    assertEquals(before, files(home.home()));
    Map<String, Object> done = cli.json("doctor", "--rebuild");
    assertEquals(planned, done);
  }

  @Test
  void a_box_elsewhere_is_found_where_its_directory_is_named() throws IOException {
    Path elsewhere = directory.toRealPath().resolve("vms/db-1/disks");
    Files.createDirectories(elsewhere.getParent());
    Files.move(home.boxes().resolve("web-2/disks"), elsewhere);
    Files.delete(home.boxes().resolve("web-2"));
    Files.delete(database);

    Map<String, Object> report =
        cli.json("doctor", "--rebuild", "--disks-dir", elsewhere.toString());

    assertEquals(3, ((List<?>) report.get("boxes")).size());
    assertEquals(
        elsewhere.resolve("disk.qcow2").toString(), cli.json("box", "show", "db-1").get("disk"));
  }

  @Test
  void what_is_left_out_is_said_and_is_exit_code_7() throws IOException {
    Files.delete(database);
    Files.createDirectories(home.boxes().resolve("not a box/disks"));

    Cli.Result result = cli.run("doctor", "--rebuild");

    assertEquals(7, result.code(), result.err());
    assertTrue(result.out().contains("not a box"), result.out());
    assertEquals(3, cli.jsonList("box", "ls").size());
  }

  @Test
  void what_goes_with_rebuild_alone_and_what_does_not_is_wrong_usage() {
    assertEquals(2, cli.run("doctor", "--dry-run").code());
    assertEquals(2, cli.run("doctor", "--disks-dir", directory.toString()).code());
    assertEquals(2, cli.run("doctor", "--rebuild", "--repair").code());
    Cli missing = new Cli(directory.resolve("nowhere"));
    assertEquals(4, missing.run("doctor", "--rebuild").code());
    assertFalse(Files.exists(directory.resolve("nowhere")));
  }

  // Help.

  /** Writes the descriptions of bases that have none. New bases have one from the start. */
  private void describeBases() {
    LocalDiskFiles files = new LocalDiskFiles(system);
    IdentityFile identity = new IdentityFile(home, files);
    HomeId id = identity.read().orElse(ID);
    try (SqliteBaseDiskStore store = SqliteBaseDiskStore.open(database)) {
      for (BaseDisk base : store.read(view -> view.bases().list(BaseFilter.ALL))) {
        files.describe(
            base.diskInfo().basePath(),
            new BaseDescription(
                id,
                base.id(),
                base.kind(),
                base.name(),
                base.sourceBoxId(),
                base.parentId(),
                base.createdAt(),
                base.diskInfo().format()));
      }
    }
  }

  /** Returns boxes without their creation times, which a rebuild changes. */
  private static Object bare(List<Object> boxes) {
    Map<Object, Object> bare = new TreeMap<>();
    for (Object each : boxes) {
      Map<?, ?> box = (Map<?, ?>) each;
      bare.put(
          String.valueOf(box.get("box")),
          ImmutableMap.of(
              "disk", box.get("disk"), "base", box.get("base_id"), "depth", box.get("depth")));
    }
    return bare;
  }

  private Map<Path, String> filesOutsideOfDb() throws IOException {
    Map<Path, String> files = files(home.home());
    files.keySet().removeIf(file -> file.startsWith(home.db()) || file.equals(home.stampFile()));
    files.remove(home.identityFile());
    return files;
  }

  private static Map<Path, String> files(Path directory) throws IOException {
    Map<Path, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(file, new String(Files.readAllBytes(file), UTF_8).hashCode() + "");
      }
    }
    return files;
  }
}
