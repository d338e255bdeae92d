package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.testing.Tool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The owner of one box can't harm another box. Root runs basedisk. The attacks run as the user who
 * owns the box and the directory above it.
 */
final class HostileOwnersTest {

  private static final String ATTACKER = OtherUser.ID;
  private static final String VICTIM = "65533";
  private static final String SECRET = "a secret of the victim";

  @TempDir Path directory;
  private Cli cli;
  private Path attackers;
  private Path disk;
  private Path victims;

  @BeforeEach
  void aBoxOfEach() throws IOException {
    assumeTrue(System.getProperty("user.name").equals("root"), "not root");
    Tool.assumeInstalled("setpriv", "qemu-img", "qemu-io");
    Path real = directory.toRealPath();
    Tool.run("chmod", "755", real);
    cli = new Cli(real.resolve("home"));
    attackers = box("attacker", ATTACKER);
    disk = attackers.resolve("disk.qcow2");
    victims = box("victim", VICTIM).resolve("disk.qcow2");
    Tool.run("qemu-io", "-f", "qcow2", "-c", "write -q -P 65 0 64k", victims);
  }

  private Path box(String name, String owner) throws IOException {
    Path disks = Files.createDirectories(directory.toRealPath().resolve(name).resolve("disks"));
    Tool.run("qemu-img", "create", "-q", "-f", "qcow2", disks.resolve("disk.qcow2"), "1M");
    Tool.run("chmod", "600", disks.resolve("disk.qcow2"));
    Tool.run("chown", "-R", owner + ":" + owner, disks.getParent());
    cli.json("base", "create", name, "--kind", "clone_base", "--disks-dir", disks.toString());
    cli.json("snapshot", "create", name, "daily");
    return disks;
  }

  /** Runs a command of the shell as the attacker, in the attacker's disks directory. */
  private void attack(String script, Object... arguments) {
    List<Object> command =
        new ArrayList<>(
            List.of("--reuid", ATTACKER, "--regid", ATTACKER, "--clear-groups", "sh", "-c"));
    command.add("cd \"$1\" && " + script);
    command.add("sh");
    command.add(attackers);
    command.addAll(Arrays.asList(arguments));
    Tool.run("setpriv", command.toArray());
  }

  private static String identity(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS)
        + " "
        + Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS)
        + " "
        + Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
  }

  // The disk is a link.

  @ParameterizedTest
  @ValueSource(strings = {"snapshot create attacker s", "snapshot restore attacker daily", "rm"})
  void a_disk_that_is_a_link_to_another_box_s_leaves_that_as_it_is(String command)
      throws IOException {
    byte[] content = Files.readAllBytes(victims);
    String identity = identity(victims);
    attack("ln -sf \"$2\" disk.qcow2", victims);

    Cli.Result result =
        command.equals("rm")
            ? cli.run("box", "rm", "attacker", "--with-snapshots", "--delete-disks")
            : cli.run(command.split(" "));

    assertEquals(command.equals("rm") ? 0 : 3, result.code(), result.err());
    assertArrayEquals(content, Files.readAllBytes(victims));
    assertEquals(identity, identity(victims));
    assertEquals(2, cli.jsonList("base", "ls", "--box", "victim").size());
    assertEquals(0, cli.run("snapshot", "create", "victim", "still").code());
  }

  // The directory is swapped during an operation.

  /** An operation on the attacker's box. */
  private void operate(BaseDisks disks, String operation) {
    BoxId box = BoxId.of("attacker");
    switch (operation) {
      case "fork" -> disks.bases().create(box, BaseDiskKind.CLONE_BASE, null);
      case "restore" -> disks.snapshots().restore(box, new SnapshotName("daily"), null);
      case "compact" -> disks.compactions().compact(box, new MaxDepth(1), Progress.NONE);
      default -> throw new IllegalArgumentException(operation);
    }
  }

  /** Calls {@code action} once after each call of a method with that name. */
  private static DiskFiles after(String method, Runnable action) {
    DiskFiles real = new LocalDiskFiles(OperatingSystem.current());
    boolean[] done = {false};
    return (DiskFiles)
        Proxy.newProxyInstance(
            DiskFiles.class.getClassLoader(),
            new Class<?>[] {DiskFiles.class},
            (proxy, called, arguments) -> {
              try {
                Object result = called.invoke(real, arguments);
                if (called.getName().equals(method) && !done[0]) {
                  done[0] = true;
                  action.run();
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"fork", "restore", "compact"})
  void a_directory_that_becomes_a_link_to_another_box_s_does_not_lead_there(String operation)
      throws IOException {
    byte[] content = Files.readAllBytes(victims);
    String identity = identity(victims);
    List<String> names = names(victims.getParent());
    DiskFiles files =
        after(
            "link",
            () -> attack("mv ../disks ../real; ln -s \"$2\" ../disks", victims.getParent()));
    try (BaseDisks disks = BaseDisks.builder().home(cli.home()).files(files).open()) {
      assertThrows(BaseDiskException.class, () -> operate(disks, operation));
    }
    assertArrayEquals(content, Files.readAllBytes(victims));
    assertEquals(identity, identity(victims));
    assertEquals(names, names(victims.getParent()));

    Tool.run("rm", attackers);
    Tool.run("mv", attackers.resolveSibling("real"), attackers);
    assertEquals(0, cli.run("box", "rm", "attacker", "--with-snapshots", "--delete-disks").code());
    assertEquals(0, cli.run("doctor").code(), () -> cli.run("doctor").out());
  }

  @Test
  void a_disk_is_not_imported_through_a_directory_that_is_a_link() throws IOException {
    attack("mv ../disks ../real; ln -s \"$2\" ../disks", victims.getParent());
    Cli.Result result = cli.run("box", "create", "flat", "--image", disk.toString());
    assertEquals(3, result.code(), result.err());
    assertFalse(Files.exists(cli.home().resolve("boxes/flat")));
  }

  private static List<String> names(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.map(Path::toString).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "snapshot create attacker s",
        "snapshot restore attacker daily",
        "box compact attacker --max-depth 1",
        "box rm attacker --with-snapshots --delete-disks"
      })
  void another_directory_than_was_recorded_is_refused(String command) throws IOException {
    // With the same disk in it, so that only the directory differs.
    attack("cd ..; mv disks real; mkdir disks; mv real/disk.qcow2 disks");
    Cli.Result result = cli.run(command.split(" "));
    assertEquals(3, result.code(), result.err());
    assertTrue(result.err().contains("is not the recorded directory"), result.err());
    assertTrue(Files.exists(disk));
  }

  // The header is rewritten.

  /** Puts a common base below the attacker's disk and the victim's private disk. */
  private Path victimOnTheSameBase() throws IOException {
    cli.json("clone", "attacker", "neighbour");
    Path neighbour = cli.home().resolve("boxes/neighbour/disks/disk.qcow2");
    Tool.run("chown", VICTIM + ":" + VICTIM, neighbour);
    Tool.run("qemu-io", "-f", "qcow2", "-c", "write -q -P 83 0 64k", neighbour);
    return neighbour;
  }

  private Path rootsRawFile() throws IOException {
    Path file = directory.toRealPath().resolve("secret.raw");
    Files.writeString(file, SECRET.repeat(64));
    Tool.run("truncate", "-s", "1M", file);
    Tool.run("chmod", "600", file);
    return file;
  }

  /** Delegates to the image port, and records the calls that name a file. */
  private static DiskImages watched(Path file, List<String> calls) {
    DiskImages real = new Qcow2DiskImages();
    return (DiskImages)
        Proxy.newProxyInstance(
            DiskImages.class.getClassLoader(),
            new Class<?>[] {DiskImages.class},
            (proxy, called, arguments) -> {
              if (Arrays.toString(arguments).contains(file.toString())) {
                calls.add(called.getName());
              }
              try {
                return called.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"qcow2", "raw"})
  void a_header_that_names_another_s_file_is_refused_and_that_is_not_read(String format)
      throws IOException {
    Path named = format.equals("raw") ? rootsRawFile() : victimOnTheSameBase();
    byte[] content = Files.readAllBytes(named);
    attack("qemu-img rebase -u -f qcow2 -F \"$2\" -b \"$3\" disk.qcow2", format, named);
    List<String> calls = new ArrayList<>();
    try (BaseDisks disks =
        BaseDisks.builder().home(cli.home()).images(watched(named, calls)).open()) {
      calls.clear();
      operateAndFail(disks);
    }
    assertEquals(List.of(), calls);
    for (String command :
        List.of(
            "snapshot create attacker s",
            "snapshot create attacker s --mode copy",
            "clone attacker copy",
            "box compact attacker --max-depth 1",
            "box create flat --image " + disk)) {
      Cli.Result result = cli.run(command.split(" "));
      assertEquals(5, result.code(), () -> command + ": " + result.err());
    }
    Cli.Result doctor = cli.run("doctor");
    assertEquals(7, doctor.code());
    assertTrue(doctor.out().contains(disk.toString()), doctor.out());
    assertTrue(doctor.out().contains(named.toString()), doctor.out());
    assertEquals(7, cli.run("doctor", "--repair").code());
    assertEquals(5, cli.run("snapshot", "create", "attacker", "s").code());
    assertArrayEquals(content, Files.readAllBytes(named));
    assertEquals(0, cli.run("snapshot", "restore", "attacker", "daily").code());
    assertEquals(0, cli.run("doctor").code(), () -> cli.run("doctor").out());
  }

  /** A header that names another box's base must not become a record by a repair. */
  @Test
  void a_header_that_names_a_base_which_its_owner_can_not_read_is_not_recorded()
      throws IOException {
    Path base = newestBaseOf("victim");
    attack("qemu-img rebase -u -f qcow2 -F qcow2 -b \"$2\" disk.qcow2", base);
    assertEquals(7, cli.run("doctor", "--repair").code());
    for (String command : List.of("snapshot create attacker s", "clone attacker copy")) {
      assertEquals(5, cli.run(command.split(" ")).code());
    }
    assertEquals(7, cli.run("doctor", "--repair").code());
    assertEquals(0, cli.run("snapshot", "restore", "attacker", "daily").code());
    assertEquals(0, cli.run("doctor").code(), () -> cli.run("doctor").out());
  }

  @Test
  void a_new_box_on_a_base_which_its_owner_can_not_read_must_be_allowed() throws IOException {
    Path base = newestBaseOf("victim");
    attack("mkdir ../more && cp disk.qcow2 ../more");
    attack("qemu-img rebase -u -f qcow2 -F qcow2 -b \"$2\" ../more/disk.qcow2", base);
    String more = attackers.resolveSibling("more").toString();
    String[] command = {"base", "create", "more", "--kind", "clone_base", "--disks-dir", more};
    Cli.Result result = cli.run(command);
    assertEquals(5, result.code(), result::toString);
    assertTrue(result.err().contains("--allow-backing " + base), result.err());
    assertEquals(
        0,
        cli.run(
                ImmutableList.<String>builder()
                    .add(command)
                    .add("--allow-backing", base.toString())
                    .build()
                    .toArray(String[]::new))
            .code());
  }

  private void operateAndFail(BaseDisks disks) {
    BoxId box = BoxId.of("attacker");
    assertThrows(
        BaseDiskException.class, () -> disks.snapshots().create(box, new SnapshotName("s")));
    assertThrows(
        BaseDiskException.class,
        () -> disks.clones().cloneBox(box, ImmutableList.of(BoxId.of("copy"))));
    assertThrows(BaseDiskException.class, () -> operate(disks, "compact"));
  }

  // The old owner of a base.

  @SuppressWarnings("unchecked")
  private Path newestBaseOf(String box) {
    return Path.of(
        (String)
            ((Map<String, Object>) cli.jsonList("base", "ls", "--box", box).get(0))
                .get("base_path"));
  }

  @Test
  void the_old_owner_of_a_base_can_read_it_and_not_change_it() throws IOException {
    Path base = newestBaseOf("attacker");
    assumeTrue(Files.getAttribute(base, "unix:uid").equals(0), "no access lists here");
    byte[] content = Files.readAllBytes(base);
    attack("! chmod u+w \"$2\" 2>&1 && ! (echo x >> \"$2\") 2>&1", base);
    attack("cat \"$2\" > /dev/null", base);
    attack("qemu-io -U -r -f qcow2 -c 'read 0 64k' disk.qcow2");
    assertArrayEquals(content, Files.readAllBytes(base));
  }

  // A writer after the last check.

  @Test
  void a_writer_that_opens_the_old_file_before_it_is_sealed_gets_it_back() throws IOException {
    String before = identity(disk);
    byte[] content = Files.readAllBytes(disk);
    List<Process> writers = new ArrayList<>();
    DiskFiles files =
        after(
            "describe",
            () -> writers.add(writer(identityFileIn(cli.home().resolve("bases"), before))));
    try (BaseDisks disks = BaseDisks.builder().home(cli.home()).files(files).open()) {
      assertThrows(BaseDiskException.class, () -> operate(disks, "fork"));
    } finally {
      writers.forEach(Process::destroyForcibly);
    }
    assertEquals(1, writers.size());
    assertEquals(before, identity(disk));
    assertArrayEquals(content, Files.readAllBytes(disk));
    assertEquals(2, cli.jsonList("base", "ls", "--box", "attacker").size());
    assertEquals(0, cli.run("doctor").code());
  }

  private static Path identityFileIn(Path directory, String identity) {
    try (var files = Files.list(directory)) {
      return files
          .filter(file -> inode(file).equals(identity.substring(0, identity.indexOf(' '))))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String inode(Path file) {
    try {
      return String.valueOf(Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts a process of the attacker, and waits until it has a file open for writing. */
  private static Process writer(Path file) {
    try {
      Process process =
          new ProcessBuilder(
                  "setpriv",
                  "--reuid",
                  ATTACKER,
                  "--regid",
                  ATTACKER,
                  "--clear-groups",
                  "sh",
                  "-c",
                  "exec 3<>\"$1\" && echo open && exec sleep 3600",
                  "sh",
                  file.toString())
              .redirectErrorStream(true)
              .start();
      BufferedReader output =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      assertEquals("open", output.readLine());
      return process;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  // Attributes, modes and rows.

  @Test
  void a_user_s_attribute_of_a_disk_does_not_arrive_on_the_overlay() throws IOException {
    UserDefinedFileAttributeView attributes =
        Files.getFileAttributeView(disk, UserDefinedFileAttributeView.class);
    attributes.write("mark", ByteBuffer.wrap(new byte[] {1}));
    cli.json("snapshot", "create", "attacker", "s");
    cli.json("clone", "attacker", "copy");
    assertEquals(List.of(), attributes.list());
    assertEquals(
        List.of(),
        Files.getFileAttributeView(
                cli.home().resolve("boxes/copy/disks/disk.qcow2"),
                UserDefinedFileAttributeView.class)
            .list());
  }

  private void inStore(String statement) throws SQLException {
    try (Connection store =
            DriverManager.getConnection("jdbc:sqlite:" + cli.home().resolve("db/basedisk.db"));
        Statement sql = store.createStatement()) {
      sql.executeUpdate(statement);
    }
  }

  @Test
  void rows_with_a_path_outside_the_bases_are_not_followed() throws SQLException, IOException {
    byte[] content = Files.readAllBytes(victims);
    String id = String.valueOf(newestBaseOf("attacker").getFileName()).replace(".qcow2", "");
    assertEquals(0, cli.run("snapshot", "create", "attacker", "s").code());
    assertEquals(0, cli.run("snapshot", "restore", "attacker", "daily").code());
    String newest = String.valueOf(newestBaseOf("attacker").getFileName()).replace(".qcow2", "");
    assertNotEquals(id, newest);
    inStore("UPDATE bases SET base_path = '" + victims + "' WHERE id = '" + newest + "'");
    inStore(
        "INSERT INTO deleting_bases (id, base_path) VALUES ('abcdEF12', '" + victims + ".other')");
    Path other = Files.writeString(Path.of(victims + ".other"), "mine");

    assertEquals(3, cli.run("base", "rm", newest).code());
    cli.run("snapshot", "rm", "attacker", "s");
    cli.run("gc");
    cli.run("box", "rm", "attacker", "--with-snapshots", "--delete-disks");
    cli.run("gc");

    assertArrayEquals(content, Files.readAllBytes(victims));
    assertEquals("mine", Files.readString(other));
    assertEquals(0, cli.run("snapshot", "create", "victim", "still").code());
  }

  @Test
  void the_files_of_the_store_are_private_whatever_the_umask() throws IOException {
    Path home = directory.toRealPath().resolve("open");
    Tool.run(
        "sh",
        "-c",
        "umask 000; exec \"$0\" -cp \"$1\" io.basedisk.cli.Main --home \"$2\" box create b --size 1M",
        Path.of(System.getProperty("java.home"), "bin", "java"),
        System.getProperty("java.class.path"),
        home);
    assertEquals("rwx------", mode(home.resolve("db")));
    try (var files = Files.list(home.resolve("db"))) {
      for (Path file : files.toList()) {
        assertEquals("rw-------", mode(file), file::toString);
      }
    }
    for (String directory : List.of("", "bases", "boxes", "boxes/b", "boxes/b/disks")) {
      assertEquals("rwx--x--x", mode(home.resolve(directory)), directory);
    }
    assertEquals("rw-------", mode(home.resolve("boxes/b/disks/disk.qcow2")));
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  // The owner of a new disk.

  @SuppressWarnings("unchecked")
  @Test
  void a_disk_on_a_base_belongs_to_the_user_who_was_named() throws IOException {
    String id =
        (String)
            ((Map<String, Object>) cli.jsonList("base", "ls", "--box", "attacker").get(0))
                .get("id");
    cli.json("box", "create", "given", "--base", id, "--owner", VICTIM + ":1234");
    cli.json("box", "create", "plain", "--base", id);
    cli.json("box", "create", "named", "--base", id, "--owner", "daemon");
    Path boxes = cli.home().resolve("boxes");
    Path given = boxes.resolve("given/disks/disk.qcow2");
    assertEquals(65533, Files.getAttribute(given, "unix:uid"));
    assertEquals(1234, Files.getAttribute(given, "unix:gid"));
    assertEquals(0, Files.getAttribute(given.getParent(), "unix:uid"));
    assertEquals("rwx--x--x", mode(given.getParent()));
    assertEquals(0, Files.getAttribute(boxes.resolve("plain/disks/disk.qcow2"), "unix:uid"));
    assertEquals(1, Files.getAttribute(boxes.resolve("named/disks/disk.qcow2"), "unix:uid"));
    for (String wrong : List.of("", ":", "1:", "-1", "no-such-user", "0:no-such-group", "64999")) {
      cli.run("box", "create", "wrong", "--base", id, "--owner", wrong).assertError(2);
    }
    cli.run("box", "create", "wrong", "--size", "1M", "--owner", "0").assertError(2);
    assertFalse(Files.exists(boxes.resolve("wrong")));
  }

  @Test
  void a_disk_that_can_not_be_given_away_is_not_made(@TempDir Path classes)
      throws IOException, InterruptedException {
    OtherUser user = OtherUser.prepare(classes);
    Path home = Files.createDirectory(directory.toRealPath().resolve("theirs"));
    Tool.run("chown", ATTACKER, home);
    Path image = directory.toRealPath().resolve("image.qcow2");
    Tool.run("qemu-img", "create", "-q", "-f", "qcow2", image, "1M");
    Tool.run("chown", ATTACKER, image);
    Cli.Result added = user.run(home, "rootfs", "add", "key", image.toString());
    assertEquals(0, added.code(), added::toString);
    Cli.Result result =
        user.run(home, "box", "create", "b", "--rootfs", "key", "--owner", VICTIM + ":0");
    assertEquals(1, result.code(), result::toString);
    assertFalse(Files.exists(home.resolve("boxes/b")));
    assertEquals(0, user.run(home, "box", "ls").code());
    assertEquals(0, user.run(home, "doctor").code());
  }
}
