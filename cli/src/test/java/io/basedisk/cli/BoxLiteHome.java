package io.basedisk.cli;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A home of BoxLite, made by hand with QEMU's tools. */
public final class BoxLiteHome {

  private static final long CREATED = 1_700_000_000;

  private final Path root;
  private int rows;

  private BoxLiteHome(Path root) {
    this.root = root;
  }

  /** Makes a home without boxes. */
  public static BoxLiteHome at(Path root) throws IOException {
    Files.createDirectories(root.resolve("db"));
    BoxLiteHome home = new BoxLiteHome(root);
    home.sql("PRAGMA journal_mode = WAL");
    home.sql("CREATE TABLE schema_version (id INTEGER PRIMARY KEY, version INTEGER, updated_at)");
    home.sql("INSERT INTO schema_version VALUES (1, 10, 0)");
    home.sql(
        "CREATE TABLE base_disk (id TEXT PRIMARY KEY, source_box_id TEXT NOT NULL, name TEXT,"
            + " kind TEXT NOT NULL, base_path TEXT NOT NULL, created_at INTEGER NOT NULL,"
            + " json TEXT NOT NULL, UNIQUE (source_box_id, name))");
    home.sql("CREATE TABLE base_disk_ref (base_disk_id TEXT, box_id TEXT)");
    home.sql(
        "CREATE TABLE snapshot (id TEXT PRIMARY KEY, box_id TEXT, name TEXT, created_at INTEGER,"
            + " json TEXT)");
    home.sql(
        "CREATE TABLE box_config (id TEXT PRIMARY KEY, name TEXT UNIQUE, created_at INTEGER,"
            + " json TEXT)");
    home.sql("CREATE TABLE box_state (id TEXT PRIMARY KEY, status TEXT, pid INTEGER, json TEXT)");
    return home;
  }

  public Path root() {
    return root;
  }

  public Path file(String name) {
    return root.resolve(name);
  }

  public static String disk(String box) {
    return "boxes/" + box + "/disks/disk.qcow2";
  }

  // Files.

  private Path made(String name) {
    try {
      Files.createDirectories(file(name).getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file(name);
  }

  /** Makes a raw ext4 file system with a file. */
  public BoxLiteHome ext4(String name) throws IOException {
    Path content = Files.createDirectories(root.resolve("tmp/content"));
    Files.writeString(content.resolve("hello"), "content of " + name);
    Tool.run("mke2fs", "-q", "-F", "-t", "ext4", "-d", content, made(name), "4M");
    return this;
  }

  public BoxLiteHome image(String name) {
    Tool.run("qemu-img", "create", "-q", "-f", "qcow2", made(name), "4M");
    return write(name);
  }

  /** Makes an overlay whose header has a backing name as it is, and writes to it. */
  public BoxLiteHome overlay(String name, String backing, String format) {
    Tool.run(
        "qemu-img",
        "create",
        "-q",
        "-u",
        "-f",
        "qcow2",
        "-b",
        backing.startsWith("..") ? backing : file(backing),
        "-F",
        format,
        made(name),
        "8M");
    return write(name);
  }

  public BoxLiteHome write(String name) {
    int place = Math.floorMod(name.hashCode(), 60) * 64;
    int value = 1 + Math.floorMod(name.hashCode(), 200);
    Tool.run("qemu-io", "-c", "write -q -P " + value + " " + place + "k 128k", file(name));
    return this;
  }

  // Records.

  public BoxLiteHome box(String id, String name) {
    return box(id, name, root.resolve("boxes").resolve(id).toString(), "stopped");
  }

  public BoxLiteHome box(String id, String name, String directory, String status) {
    sql(
        "INSERT INTO box_config VALUES (?, ?, ?, json_object('box_home', ?))",
        id,
        name,
        CREATED + rows++,
        directory);
    return sql("INSERT INTO box_state VALUES (?, ?, 4000000, '{}')", id, status);
  }

  public BoxLiteHome base(String id, String box, String name, String kind, String path) {
    return sql(
        "INSERT INTO base_disk VALUES (?, ?, ?, ?, ?, ?, '{}')",
        id,
        box,
        name,
        kind,
        root.resolve(path).toString(),
        CREATED + rows++);
  }

  public BoxLiteHome snapshot(String id, String box, String name, String path) {
    return sql(
        "INSERT INTO snapshot VALUES (?, ?, ?, ?, json_object('base_path', ?))",
        id,
        box,
        name,
        CREATED + rows++,
        root.resolve(path).toString());
  }

  /** Changes the database. */
  public BoxLiteHome sql(String statement, Object... values) {
    try (Connection connection = connect();
        PreparedStatement prepared = connection.prepareStatement(statement)) {
      for (int i = 0; i < values.length; i++) {
        prepared.setObject(i + 1, values[i]);
      }
      prepared.execute();
      return this;
    } catch (SQLException e) {
      throw new IllegalStateException(statement, e);
    }
  }

  /** Opens a connection. While it is open, changes stay in the write-ahead log. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + root.resolve("db/boxlite.db"));
  }

  // Observation.

  /** Returns everything that an adoption must leave as it is. */
  public Map<String, String> state() throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      files.forEach(file -> all.put(root.relativize(file).toString(), stateOf(file)));
    }
    return all;
  }

  private static String stateOf(Path file) {
    try {
      String attributes =
          Files.readAttributes(
                  file,
                  "unix:ino,mode,nlink,uid,gid,size,lastModifiedTime,ctime",
                  LinkOption.NOFOLLOW_LINKS)
              .toString();
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          ? attributes + MoreFiles.asByteSource(file).hash(Hashing.sha256())
          : attributes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a digest of what QEMU reads from a qcow2 image through its chain. */
  public static String read(Path image, Path scratch) throws IOException {
    Path flat = scratch.resolve("flat.raw");
    Tool.run("qemu-img", "convert", "-f", "qcow2", "-O", "raw", image, flat);
    String digest = MoreFiles.asByteSource(flat).hash(Hashing.sha256()).toString();
    Files.delete(flat);
    return digest;
  }
}
