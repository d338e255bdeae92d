package io.basedisk.cli;

import static io.basedisk.cli.BoxLiteHome.disk;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.basedisk.cli.BoxLiteShapes.Shape;
import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Adoptions of homes of BoxLite that QEMU's tools and SQLite made: each disk reads for QEMU as
 * before, the doctor finds nothing, and the other home is byte for byte as it was.
 */
@Tag("oracle")
final class BoxLiteOracleTest {

  @TempDir Path temporary;
  private Path directory;
  private Cli cli;
  private BoxLiteHome boxLite;

  @BeforeEach
  void an_empty_home_of_boxlite() throws IOException {
    Tool.assumeInstalled("qemu-img", "qemu-io", "mke2fs");
    directory = temporary.toRealPath();
    cli = new Cli(directory.resolve("home"));
    boxLite = BoxLiteHome.at(directory.resolve("boxlite"));
  }

  private Cli.Result adopt(String... options) {
    return cli.run(
        Stream.concat(
                Stream.of("--json", "adopt", "--boxlite", boxLite.root().toString()),
                Stream.of(options))
            .toArray(String[]::new));
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> list(Map<String, Object> document, String field) {
    return (List<Map<String, Object>>) document.get(field);
  }

  private static Map<String, String> disksOf(Map<String, Object> document) {
    Map<String, String> disks = new TreeMap<>();
    list(document, "boxes").forEach(box -> disks.put("" + box.get("box"), "" + box.get("disk")));
    return disks;
  }

  static List<Shape> shapes() {
    return BoxLiteShapes.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shapes")
  void every_shape_is_copied_and_reads_as_before(Shape shape) throws IOException {
    shape.maker().make(boxLite);
    Map<String, String> before = boxLite.state();
    Map<String, String> reads = new TreeMap<>();
    for (String file : before.keySet()) {
      if (file.endsWith(".qcow2") && !file.contains("guest-rootfs")) {
        reads.put(file, BoxLiteHome.read(boxLite.file(file), directory));
      }
    }
    Cli.Result planned = adopt("--dry-run");
    assertEquals(0, planned.code(), planned::toString);
    assertFalse(Files.exists(cli.home()), "a dry run made a home");
    assertEquals(before, boxLite.state());

    Cli.Result adopted = adopt("--yes");

    assertEquals(0, adopted.code(), adopted::toString);
    assertEquals(before, boxLite.state());
    assertEquals(shape.boxes(), new TreeSet<>(disksOf(adopted.object()).keySet()));
    assertEquals(
        shape.bases(),
        list(adopted.object(), "bases").stream()
            .map(base -> base.get("kind") + " " + base.get("name"))
            .sorted()
            .toList());
    if (shape.boxes().isEmpty()) {
      return;
    }
    assertEquals(new TreeSet<>(reads.values()), digestsOf(adopted.object(), reads.values().size()));
    assertEquals(List.of(), list(cli.json("doctor", "--deep"), "findings"));
    for (Object base : cli.jsonList("base", "ls")) {
      Tool.run("qemu-img", "check", "-q", ((Map<?, ?>) base).get("base_path"));
    }
    for (String box : shape.boxes()) {
      assertEquals(0, cli.run("snapshot", "create", box, "adopted").code());
    }
    assertEquals(List.of(), list(cli.json("doctor"), "findings"));
  }

  /** Returns what QEMU reads from each copy of a qcow2 file. */
  private Set<String> digestsOf(Map<String, Object> document, int expected) throws IOException {
    TreeSet<String> known = new TreeSet<>();
    TreeMap<String, String> all = new TreeMap<>(disksOf(document));
    list(document, "bases")
        .forEach(base -> all.put("" + base.get("id"), "" + base.get("base_path")));
    for (String path : all.values()) {
      known.add(BoxLiteHome.read(Path.of(path), directory));
    }
    // A raw file is a copy too, which no qcow2 file of the other home corresponds to.
    Map<String, String> raw = new TreeMap<>();
    for (String file : boxLite.state().keySet()) {
      if (file.endsWith(".ext4")) {
        Path flat = boxLite.file(file);
        raw.put(MoreFiles.asByteSource(flat).hash(Hashing.sha256()).toString(), file);
      }
    }
    known.removeAll(raw.keySet());
    assertEquals(expected, known.size());
    return known;
  }

  @Test
  void a_database_with_changes_in_its_log_is_read_without_a_change() throws Exception {
    boxLite.image(disk("aaa"));
    try (Connection open = boxLite.connect()) {
      // The log stays while a connection that has read the database is open.
      open.createStatement().executeQuery("SELECT count(*) FROM box_config").close();
      boxLite.box("aaa", "web");
      assertTrue(Files.size(boxLite.file("db/boxlite.db-wal")) > 0);
      Map<String, String> before = boxLite.state();

      Cli.Result adopted = adopt("--yes");

      assertEquals(0, adopted.code(), adopted::toString);
      assertEquals(before, boxLite.state());
      assertEquals(List.of("web"), List.copyOf(disksOf(adopted.object()).keySet()));
    }
  }

  @Test
  void a_box_whose_disk_is_open_is_left_out_and_the_others_are_copied() throws IOException {
    boxLite.image(disk("aaa")).box("aaa", "web", boxLite.file("boxes/aaa").toString(), "running");
    boxLite.image(disk("bbb")).box("bbb", "db");
    try (FileChannel vm = FileChannel.open(boxLite.file(disk("aaa")), StandardOpenOption.WRITE)) {
      assertTrue(vm.isOpen());
      Cli.Result adopted = adopt("--yes");
      assertEquals(7, adopted.code(), adopted::toString);
      assertTrue(adopted.out().contains("open for writing"), adopted.out());
      assertEquals(1, cli.jsonList("box", "ls").size());
    }
  }

  // Hostile homes.

  private void assertNothingLeft(int code, String reason) throws IOException {
    Map<String, String> before = boxLite.state();
    Cli.Result refused = adopt("--yes");
    assertEquals(code, refused.code(), refused::toString);
    assertTrue((refused.out() + refused.err()).contains(reason), refused::toString);
    assertEquals(before, boxLite.state());
    if (Files.exists(cli.home())) {
      assertEquals(List.of(), cli.jsonList("box", "ls"));
      assertEquals(List.of(), cli.jsonList("base", "ls"));
      assertEquals(0, cli.run("doctor").code());
    }
  }

  @Test
  void other_schema_versions_are_refused() throws IOException {
    boxLite.sql("UPDATE schema_version SET version = 6");
    assertNothingLeft(3, "start a newer BoxLite");
    boxLite.sql("UPDATE schema_version SET version = 99");
    assertNothingLeft(3, "newer basedisk");
    boxLite.sql("UPDATE schema_version SET version = 'x'");
    assertNothingLeft(3, "schema version 0");
  }

  @Test
  void a_missing_table_or_column_is_refused() throws IOException {
    boxLite.sql("ALTER TABLE base_disk DROP COLUMN kind");
    assertNothingLeft(1, "kind");
    boxLite.sql("DROP TABLE base_disk");
    assertNothingLeft(3, "no table base_disk");
  }

  @Test
  void a_view_in_place_of_a_table_is_refused() throws IOException {
    boxLite.sql("DROP TABLE box_config");
    boxLite.sql(
        "CREATE VIEW box_config AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM"
            + " n) SELECT id, 'x' AS name, 1 AS created_at, '{}' AS json FROM n");
    assertNothingLeft(3, "no table box_config");
  }

  @Test
  void duplicate_ids_are_refused() throws IOException {
    boxLite.sql("DROP TABLE box_config");
    boxLite.sql("CREATE TABLE box_config (id TEXT, name TEXT, created_at INTEGER, json TEXT)");
    boxLite.sql("INSERT INTO box_config VALUES ('a', 'a', 1, '{}'), ('a', 'b', 1, '{}')");
    assertNothingLeft(3, "two rows with one id");
  }

  @Test
  void too_many_rows_are_refused() throws IOException {
    boxLite.sql(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= 100001)"
            + " INSERT INTO box_config SELECT 'b' || i, 'n' || i, 1, '{}' FROM n");
    assertNothingLeft(3, "more than 100000 rows");
  }

  @Test
  void a_database_that_is_none_is_refused() throws IOException {
    Files.writeString(boxLite.file("db/boxlite.db"), "not a database ".repeat(200));
    assertNothingLeft(1, "boxlite.db");
  }

  @Test
  void a_database_that_is_a_link_or_missing_is_refused() throws IOException {
    Path database = boxLite.file("db/boxlite.db");
    Files.move(database, directory.resolve("elsewhere.db"));
    assertNothingLeft(4, "no home of BoxLite");
    Files.createSymbolicLink(database, directory.resolve("elsewhere.db"));
    assertNothingLeft(3, "not a regular file");
  }

  @Test
  void an_unknown_kind_is_refused() throws IOException {
    boxLite.base("base0001", "aaa", "x", "template", "bases/base0001.qcow2");
    assertNothingLeft(3, "kind");
  }

  @Test
  void a_disk_that_is_encrypted_or_has_an_external_data_file_is_left_out() throws IOException {
    Files.createDirectories(boxLite.file("boxes/aaa/disks"));
    Files.createDirectories(boxLite.file("boxes/bbb/disks"));
    Tool.run(
        "qemu-img",
        "create",
        "-q",
        "-f",
        "qcow2",
        "-o",
        "data_file=" + boxLite.file("data.raw"),
        boxLite.file(disk("aaa")),
        "1M");
    Tool.run(
        "qemu-img",
        "create",
        "-q",
        "-f",
        "qcow2",
        "--object",
        "secret,id=s,data=x",
        "-o",
        "encrypt.format=aes,encrypt.key-secret=s",
        boxLite.file(disk("bbb")),
        "1M");
    boxLite.box("aaa", "data").box("bbb", "secret");
    Cli.Result adopted = adopt("--yes");
    assertEquals(7, adopted.code(), adopted::toString);
    assertTrue(adopted.out().contains("external data file"), adopted.out());
    assertTrue(adopted.out().contains("encrypted"), adopted.out());
    assertNothingLeft(7, "encrypted");
  }

  @Test
  void a_disk_that_is_no_image_or_names_a_file_outside_is_left_out() throws IOException {
    Files.createDirectories(boxLite.file("boxes/aaa/disks"));
    Files.write(boxLite.file(disk("aaa")), new byte[4096]);
    Files.write(directory.resolve("secret"), "secret".repeat(1000).getBytes(UTF_8));
    boxLite.overlay(disk("bbb"), directory.resolve("secret").toString(), "raw");
    boxLite.box("aaa", "none").box("bbb", "outside");
    assertNothingLeft(7, "is outside");
  }

  @Test
  void a_truncated_disk_is_left_out() throws IOException {
    boxLite.image(disk("aaa")).box("aaa", "web");
    try (FileChannel file = FileChannel.open(boxLite.file(disk("aaa")), StandardOpenOption.WRITE)) {
      file.truncate(70_000);
    }
    assertNothingLeft(7, disk("aaa"));
  }

  @Test
  void a_disk_with_wrong_refcounts_is_left_out() throws IOException {
    boxLite.image(disk("aaa")).box("aaa", "web");
    try (FileChannel file = FileChannel.open(boxLite.file(disk("aaa")), StandardOpenOption.WRITE)) {
      // The first refcount block, which follows the refcount table.
      file.write(ByteBuffer.allocate(64), 2 << 16);
    }
    assertNothingLeft(7, "damaged");
  }

  @Test
  void hostile_names_become_names_of_this_home() throws IOException, SQLException {
    boxLite.image(disk("aaa")).box("aaa", "../../etc\n\u001b[31m");
    boxLite
        .image("bases/s2.qcow2")
        .overlay("bases/s1.qcow2", "bases/s2.qcow2", "qcow2")
        .base("s1", "aaa", "/etc/passwd\n", "snapshot", "bases/s1.qcow2")
        .base("s2", "aaa", "x".repeat(10_000), "snapshot", "bases/s2.qcow2");
    Cli.Result adopted = cli.run("adopt", "--boxlite", boxLite.root().toString(), "--yes");
    assertEquals(0, adopted.code(), adopted::toString);
    assertFalse(adopted.out().contains("\u001b"), adopted.out());
    assertEquals(4, adopted.out().lines().count(), adopted.out());
    assertEquals(0, cli.run("doctor", "--deep").code());
  }

  @Test
  void options_of_a_directory_are_refused() throws IOException {
    for (String option : List.of("--into-home", "--format=raw", "--allow-backing=/x")) {
      Cli.Result refused = adopt(option);
      assertEquals(2, refused.code(), refused::toString);
    }
  }
}
